# /// corpus
# entry_points = ["rename"]
# exported_classes = ["Door", "Robot", "Crane", "Guest", "Job"]
# ///
import signal
import threading


class Door:
    def state(self):
        self.state = "open"
        return "it was closed"

    def label(self):
        return "no label"

    def name(self):
        return "no name"

    def name_itself(self):
        self.name = self.label

    def label_other(self, other):
        other.label = "labelled"

    def break_down(self):
        self.label = "broken"
        raise RuntimeError("it broke")

    def tell_while_open(self, listener):
        self.label = "being told"
        listener()
        del self.label


def rename(door, name):
    door.label = name


class Job:
    def result(self):
        return "pending"

    def start(self):
        threading.Timer(0.05, self._finish).start()

    def set_alarm(self):
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, 0.05)

    def _ring(self, *_):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        self._finish()

    def _finish(self):
        self.result = "done"

    def fail(self):
        raise Failure(self)


class Failure(Exception):
    def __init__(self, job):
        super().__init__("it failed")
        self.job = job

    def __str__(self):
        self.job.result = "told"
        return "it failed"


class Robot:
    def work(self):
        return "slowly"

    def upgrade(self):
        type(self).work = lambda self: "fast"

    def age(self):
        type(self).work = property(lambda self: "rusty")

    def retire(self):
        del type(self).work

    def become(self):
        self.__class__ = _Statue


class _Statue(Robot):
    work = "none"


class Crane:
    def lift(self):
        return "by hand"

    def upgrade(self):
        type(self).lift = lambda self: "by motor"


class Guest:
    __slots__ = ("name", "asked")

    def __init__(self, name):
        self.name = name
        self.asked = 0

    def __getattr__(self, name):
        self.asked += 1
        return lambda: f"{name} {self.asked}"

    @staticmethod
    def kind():
        return "guest"

    @classmethod
    def made(cls, name):
        return cls(name)

    def a(self):
        return "a" + self.name

    def b(self):
        return "b" + self.name

    def c(self):
        return "c" + self.name
