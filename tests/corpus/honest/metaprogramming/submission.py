# /// corpus
# entry_points = ["fields_of", "plugins", "made", "evaluated", "described"]
# ///
import ast
import inspect
import types


class Field:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        return self if instance is None else instance.__dict__.get(self.name, 0)

    def __set__(self, instance, value):
        instance.__dict__[self.name] = int(value)


class Plugin:
    registry = {}

    def __init_subclass__(cls, name, **options):
        super().__init_subclass__(**options)
        Plugin.registry[name] = cls


class Upper(Plugin, name="upper"):
    run = staticmethod(str.upper)


class Title(Plugin, name="title"):
    run = staticmethod(str.title)


class Order:
    count = Field()
    price = Field()


def fields_of(count, price):
    order = Order()
    order.count, order.price = count, price
    return order.count * order.price, sorted(name for name in vars(Order) if isinstance(vars(Order)[name], Field))


def plugins(text):
    return {name: plugin.run(text) for name, plugin in Plugin.registry.items()}


def made(name, **fields):
    kind = type(name, (types.SimpleNamespace,), {"double": lambda self: self.value * 2})
    return kind(**fields).double(), kind.__name__


def evaluated(text):
    allowed = (ast.Expression, ast.BinOp, ast.Add, ast.Mult, ast.Constant)
    tree = ast.parse(text, mode="eval")
    if not all(isinstance(node, allowed) for node in ast.walk(tree)):
        raise ValueError(text)
    return eval(compile(tree, "<text>", "eval"), {"__builtins__": {}})


def described():
    return str(inspect.signature(made)), inspect.getdoc(Order), made.__name__
