"""What a command raises when Redis does not carry it out now: the caller tries again or gives up.

A `ResponseError` is Redis's own refusal: it is read-only, out of memory, busy with a script, can
not write its file, or lacks replicas.
"""

from typing import Final

from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisSilent

FAULTS: Final = (RedisAway, RedisSilent, ResponseError)
