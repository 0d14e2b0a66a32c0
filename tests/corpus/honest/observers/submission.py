# /// corpus
# entry_points = []
# exported_classes = ["Bus"]
# ///
class Bus:
    def __init__(self):
        self.listeners = []

    def on(self, listener):
        self.listeners.append(listener)

    def off(self, listener):
        self.listeners.remove(listener)

    def emit(self, value):
        for listener in self.listeners:
            listener(value)
