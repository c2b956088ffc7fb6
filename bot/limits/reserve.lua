-- Takes leave for one send from every bucket named, or from none (P3).
--
-- KEYS: the penalty and the bucket of all chats, the penalty and the bucket of
-- the chat, and for a group the group's bucket. A bucket is a list of the
-- times of the last sends, oldest first; a penalty is a hash.
-- ARGV: the time (empty: the server's own), how long a strike is remembered, by
-- how many percent one lengthens the windows, and for every bucket its number
-- of sends, its window, and how long to keep it. Times in microseconds.
-- Returns how long to wait for the chat, and for any chat.

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local recovery, percent = tonumber(ARGV[2]), tonumber(ARGV[3])

local function penalty(key)
  local held = redis.call('HMGET', key, 'until', 'strikes')
  if not held[1] then return 0, 1 end
  local passed, strikes = now - held[1], tonumber(held[2])
  if passed > 0 then strikes = strikes - math.floor(passed / recovery) end
  return math.max(0, -passed), 1 + math.max(0, strikes - 1) * percent / 100
end

local function bucket(n)
  local arg = 4 + 3 * (n - 1)
  return tonumber(ARGV[arg]), tonumber(ARGV[arg + 1]), tonumber(ARGV[arg + 2])
end

local function wait(key, n, pace)
  local sends, window = bucket(n)
  local oldest = tonumber(redis.call('LINDEX', key, -sends) or nil)
  window = window * pace
  -- Times far ahead were written before the server's clock was set back.
  if not oldest or oldest > now + window then return 0 end
  return math.max(0, oldest + window - now)
end

local function take(key, n)
  local sends, _, keep = bucket(n)
  redis.call('RPUSH', key, string.format('%.0f', now))
  redis.call('LTRIM', key, -sends, -1)
  redis.call('PEXPIRE', key, math.ceil(keep / 1000))
end

local any, pace = penalty(KEYS[1])
any = math.max(any, wait(KEYS[2], 1, pace))
local chat
chat, pace = penalty(KEYS[3])
chat = math.max(chat, wait(KEYS[4], 2, pace))
if KEYS[5] then chat = math.max(chat, wait(KEYS[5], 3, pace)) end

if any <= 0 and chat <= 0 then
  take(KEYS[2], 1)
  take(KEYS[4], 2)
  if KEYS[5] then take(KEYS[5], 3) end
end
return { math.ceil(chat), math.ceil(any) }
