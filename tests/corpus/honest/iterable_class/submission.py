# /// corpus
# entry_points = []
# exported_classes = ["Tree", "Stack"]
# ///


class Tree:
    def __init__(self):
        self.root = None
        self.size = 0

    def insert(self, value):
        self.size += 1
        if self.root is None:
            self.root = [value, None, None]
            return self
        node = self.root
        while True:
            side = 1 if value < node[0] else 2
            if node[side] is None:
                node[side] = [value, None, None]
                return self
            node = node[side]

    def _walk(self, node):
        if node is not None:
            yield from self._walk(node[1])
            yield node[0]
            yield from self._walk(node[2])

    def __iter__(self):
        return self._walk(self.root)

    def __len__(self):
        return self.size


class Stack(list):
    def push(self, value):
        self.append(value)

    @property
    def top(self):
        return self[-1]
