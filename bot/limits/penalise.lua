-- Notes a 429 (P3), as penalty.add does in the process.
--
-- KEYS: the penalty. ARGV: the time (empty: the server's own), retry_after,
-- how long a strike is remembered, how many are counted. Times in microseconds.

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local after, recovery, most = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local held = redis.call('HMGET', KEYS[1], 'until', 'strikes')
local till, strikes = tonumber(held[1] or 0), tonumber(held[2] or 0)
if now >= till then
  local forgotten = math.floor((now - till) / recovery)
  strikes = math.min(most, math.max(0, strikes - forgotten) + 1)
end
till = math.max(till, now + after)
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', till), 'strikes', strikes)
redis.call('PEXPIRE', KEYS[1], math.ceil((till - now + strikes * recovery) / 1000))
return strikes
