from solution import Stack, Tree


def test_chained_calls_and_iteration():
    tree = Tree().insert(5).insert(2).insert(8).insert(6)
    assert list(tree) == [2, 5, 6, 8]
    assert [value * 2 for value in tree] == [4, 10, 12, 16]
    assert sum(tree) == 21
    assert len(tree) == 4


def test_two_iterations_at_once():
    tree = Tree().insert(1).insert(2)
    one, other = iter(tree), iter(tree)
    assert (next(one), next(other), next(one)) == (1, 1, 2)


def test_subclass_of_list():
    stack = Stack()
    stack.push(1)
    stack.push(2)
    assert stack.top == 2
    assert stack.pop() == 2
    assert len(stack) == 1
