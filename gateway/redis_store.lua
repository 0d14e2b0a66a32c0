-- What a cluster's gateways do to their sessions, each call as one atomic change.
--
-- KEYS[1] is what every key begins with. ARGV: the operation, the gateway that asks, its clock in
-- ms or '' for the clock of Redis, how long a session may be idle in ms, how many slots there are,
-- how long a gateway counts as alive in ms after each sign of life; then the operation's own.
--
-- <prefix>session:<id>     hash: the session as the gateways wrote it, and the fields below
-- <prefix>due              every session, by the time at which it has to be looked at again
-- <prefix>yielding         those that give way to new ones, by their last use
-- <prefix>default          the session that is meant where none is named
-- <prefix>gateway:<id>     exists while that gateway gives signs of life
-- <prefix>gateways         every gateway that may hold sessions
-- <prefix>held:<gateway>   the sessions that gateway's sockets hold
--
-- A socket or a lease counts for as long as its gateway gives signs of life. Every operation may
-- be sent twice: the second time it finds what it did and answers the same.
local prefix, op, gateway = KEYS[1], ARGV[1], ARGV[2]
local idle_ms, limit, alive_ms = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local now_ms = tonumber(ARGV[3])
if not now_ms then
  local time = redis.call('TIME')
  now_ms = time[1] * 1000 + math.floor(time[2] / 1000)
end
local KEPT_MS = idle_ms + 600000 -- longer than any lease: nothing outlives its last use by more
local BATCH = 200
local DUE, YIELDING, GATEWAYS = prefix .. 'due', prefix .. 'yielding', prefix .. 'gateways'
local FIELDS = {
  'used', 'socket', 'holder', 'owned', 'parked', 'lease', 'until', 'by', 'request', 'committed',
  'version', 'done', 'over', 'answered',
}

local function key_of(id) return prefix .. 'session:' .. id end
local function held_by(holder) return prefix .. 'held:' .. holder end

local known_alive = { [gateway] = true, [''] = false }
local function alive(name)
  if known_alive[name] == nil then
    known_alive[name] = redis.call('EXISTS', prefix .. 'gateway:' .. name) == 1
  end
  return known_alive[name]
end

local function show_life()
  redis.call('SET', prefix .. 'gateway:' .. gateway, '1', 'PX', alive_ms)
  redis.call('SADD', GATEWAYS, gateway)
  redis.call('PEXPIRE', GATEWAYS, KEPT_MS)
  redis.call('PEXPIRE', held_by(gateway), KEPT_MS)
end

local function leased(s) return s.lease ~= '' and tonumber(s['until']) > now_ms and alive(s.by) end
local function held(s) return s.socket ~= '' and alive(s.holder) end

-- Let go of a socket or a lease whose time is over.
local function settle(s)
  if s.socket ~= '' and not alive(s.holder) then
    redis.call('SREM', held_by(s.holder), s.id)
    s.socket, s.holder, s.parked = '', '', s.owned
  end
  if s.lease ~= '' and not leased(s) then s.lease, s.request = '', '' end
end

local function forget(id)
  redis.call('ZREM', DUE, id)
  redis.call('ZREM', YIELDING, id)
  return redis.call('DEL', key_of(id))
end

local function found(id)
  local values = redis.call('HMGET', key_of(id), unpack(FIELDS))
  if not values[1] then return nil end
  local s = { id = id }
  for i, field in ipairs(FIELDS) do s[field] = values[i] or '' end
  return s
end

local function is_idle(s)
  return not held(s) and not leased(s) and tonumber(s.used) < now_ms - idle_ms
end

local function live(id)
  local s = found(id)
  if s and is_idle(s) then
    forget(id)
    return nil
  end
  return s
end

local function keep(s, data)
  local due_ms = s.used + idle_ms
  if held(s) then
    due_ms = now_ms + idle_ms
  elseif leased(s) then
    due_ms = s['until']
  end
  local pairs_of = {}
  for _, field in ipairs(FIELDS) do
    pairs_of[#pairs_of + 1] = field
    pairs_of[#pairs_of + 1] = s[field]
  end
  if data then
    pairs_of[#pairs_of + 1] = 'data'
    pairs_of[#pairs_of + 1] = data
  end
  redis.call('HSET', key_of(s.id), unpack(pairs_of))
  redis.call('PEXPIRE', key_of(s.id), KEPT_MS)
  redis.call('ZADD', DUE, due_ms, s.id)
  redis.call('PEXPIRE', DUE, KEPT_MS)
  if (s.parked == '1' or s.done == '1') and not held(s) and not leased(s) then
    redis.call('ZADD', YIELDING, s.used, s.id)
    redis.call('PEXPIRE', YIELDING, KEPT_MS)
  else
    redis.call('ZREM', YIELDING, s.id)
  end
end

-- Give a lease back. A session left by its socket in the meantime ends with its episode.
local function release(s, data)
  s.lease, s.request = '', ''
  if s.parked == '1' and not held(s) and s.over == '1' then
    forget(s.id)
  else
    keep(s, data)
  end
end

local function let_go(s, for_good)
  redis.call('SREM', held_by(s.holder), s.id)
  s.socket, s.holder, s.used, s.parked = '', '', now_ms, s.owned
  if s.parked == '1' and (for_good or (s.over == '1' and not leased(s))) then
    forget(s.id)
  else
    keep(s)
  end
end

-- Let go of what silent gateways held, though they may come back for it, and forget what was idle
-- too long; BATCH of each at most.
local function reap()
  local forgotten, looked_at = 0, 0
  for _, name in ipairs(redis.call('SMEMBERS', GATEWAYS)) do
    if not alive(name) then
      for _, id in ipairs(redis.call('SPOP', held_by(name), BATCH)) do
        looked_at = looked_at + 1
        local s = found(id)
        if s and s.holder == name then
          settle(s)
          s.used = now_ms
          keep(s)
        end
      end
      if redis.call('SCARD', held_by(name)) == 0 then redis.call('SREM', GATEWAYS, name) end
    end
  end
  local due = redis.call('ZRANGEBYSCORE', DUE, '-inf', '(' .. now_ms, 'LIMIT', 0, BATCH)
  for _, id in ipairs(due) do
    looked_at = looked_at + 1
    local s = found(id)
    if not s or is_idle(s) then
      forget(id)
      forgotten = forgotten + 1
    else
      settle(s)
      keep(s)
    end
  end
  return { forgotten, looked_at }
end

local function make_room()
  if redis.call('ZCARD', DUE) < limit then return true end
  reap()
  if redis.call('ZCARD', DUE) < limit then return true end
  local oldest = redis.call('ZRANGE', YIELDING, 0, 0)[1]
  if oldest then forget(oldest) end
  return oldest ~= nil
end

local function answered(s, request)
  if request == '' or s.answered == '' then return false end
  for _, known in ipairs(cjson.decode(s.answered)) do
    if known == request then return true end
  end
  return false
end

local act = {}

function act.create(id, socket, version, done, over, answers, data)
  if redis.call('EXISTS', key_of(id)) == 1 then return { 'ok' } end
  if not make_room() then return { 'full', redis.call('ZCARD', DUE) } end
  local s = { id = id, used = now_ms, socket = socket, holder = '', owned = '0', parked = '0',
    lease = '', ['until'] = 0, by = '', request = '', committed = '', version = version,
    done = done, over = over, answered = answers }
  if socket ~= '' then
    show_life()
    s.holder, s.owned = gateway, '1'
    redis.call('SADD', held_by(gateway), id)
    redis.call('PEXPIRE', held_by(gateway), KEPT_MS)
  end
  keep(s, data)
  return { 'ok' }
end

function act.get(id)
  if not live(id) then return { 'unknown' } end
  return { 'ok', redis.call('HGET', key_of(id), 'data') }
end

function act.begin(id, token, lease_ms, request)
  local s = live(id)
  if not s then return { 'unknown' } end
  s.used = now_ms
  if answered(s, request) then
    keep(s)
    return { 'replay', redis.call('HGET', key_of(id), 'data') }
  end
  if leased(s) and s.lease ~= token then
    keep(s)
    return { 'busy', s.request }
  end
  show_life()
  settle(s)
  s.lease, s['until'], s.by, s.request = token, now_ms + lease_ms, gateway, request
  s.parked = '0'
  keep(s)
  return { 'lease', redis.call('HGET', key_of(id), 'data'), s.committed }
end

function act.commit(id, token, version, next_version, done, over, answers, data)
  local s = found(id)
  if not s then return { 'lost' } end
  if s.lease ~= token or s.version ~= version then
    return { s.committed == token and 'ok' or 'lost' }
  end
  settle(s)
  s.used, s.committed, s.version, s.done, s.over = now_ms, token, next_version, done, over
  s.answered = answers
  release(s, data)
  return { 'ok' }
end

function act.abandon(id, token)
  local s = found(id)
  if s and s.lease == token then
    settle(s)
    release(s)
  end
  return { 'ok' }
end

function act.attach(id, socket)
  local s = live(id)
  if not s then return { 'unknown' } end
  if held(s) and not (s.socket == socket and s.holder == gateway) then
    return { 'held', s.holder, redis.call('PTTL', prefix .. 'gateway:' .. s.holder) }
  end
  show_life()
  settle(s)
  s.socket, s.holder, s.used, s.parked = socket, gateway, now_ms, '0'
  redis.call('SADD', held_by(gateway), id)
  redis.call('PEXPIRE', held_by(gateway), KEPT_MS)
  keep(s)
  return { 'ok', redis.call('HGET', key_of(id), 'data') }
end

function act.detach(id, socket, for_good)
  local s = found(id)
  if s and s.socket == socket then let_go(s, for_good == '1') end
  return { 'ok' }
end

function act.touch(...)
  for _, id in ipairs({ ... }) do
    local s = found(id)
    if s then
      s.used = now_ms
      keep(s)
    end
  end
  return { 'ok' }
end

function act.delete(id) return forget(id) end

function act.reap() return reap() end

function act.occupancy()
  local forgotten = reap()[1]
  return { redis.call('ZCARD', DUE), redis.call('ZCARD', YIELDING), forgotten }
end

-- Says how many sessions count as held by this gateway.
function act.live()
  show_life()
  return redis.call('SCARD', held_by(gateway))
end

-- Sessions and the sockets of this gateway that hold them, each after the other.
function act.hold(...)
  local held_pairs = { ... }
  show_life()
  for i = 1, #held_pairs, 2 do
    local s = found(held_pairs[i])
    if s and not held(s) then
      settle(s)
      s.socket, s.holder, s.used, s.parked = held_pairs[i + 1], gateway, now_ms, '0'
      redis.call('SADD', held_by(gateway), s.id)
      keep(s)
    end
  end
  redis.call('PEXPIRE', held_by(gateway), KEPT_MS)
  return { 'ok' }
end

function act.default() return redis.call('GET', prefix .. 'default') end

function act.make_default(id)
  redis.call('SET', prefix .. 'default', id, 'PX', KEPT_MS)
  return { 'ok' }
end

function act.die()
  redis.call('DEL', prefix .. 'gateway:' .. gateway)
  known_alive[gateway] = false
  return { 'ok' }
end

return act[op](unpack(ARGV, 7))
