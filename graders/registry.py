"""The one list of graders."""

from collections.abc import Mapping
from typing import Final

from graders.bug_fix import BugFixGrader
from graders.grader import Grader
from graders.optimization import OptimizationGrader
from graders.program import ProgramGrader
from graders.syntax import SyntaxFixGrader
from tasks.task import TaskKind

GRADERS: Final[Mapping[TaskKind, Grader]] = {
    TaskKind.SYNTAX_FIX: SyntaxFixGrader(),
    TaskKind.BUG_FIX: BugFixGrader(),
    TaskKind.OPTIMIZATION: OptimizationGrader(),
    TaskKind.PROGRAM: ProgramGrader(),
}
