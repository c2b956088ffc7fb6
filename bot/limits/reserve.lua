-- Takes leave for one send from every bucket named, or from none (P3).
--
-- KEYS: the penalty and the bucket of all chats, the penalty and the bucket of
-- the chat, and for a group the group's bucket. A bucket is a list of the
-- times of the last messages, earliest noted first; a penalty is a hash.
-- ARGV: the time (empty: the server's own), how many messages it is, how long a
-- strike is remembered, by how many percent one lengthens the windows, 1 if a
-- customer waits, and for every bucket its number of messages, how many more it
-- has for such a customer, beyond how many they are spread evenly (0: not), its
-- window, and how long to keep it.
-- Times in microseconds.
-- Returns how long to wait for the chat, and for any chat.

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local messages, recovery, percent = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local function penalty(key)
  local held = redis.call('HMGET', key, 'until', 'strikes')
  if not held[1] then return 0, 1 end
  local passed, strikes = now - held[1], tonumber(held[2])
  if passed > 0 then strikes = strikes - math.floor(passed / recovery) end
  return math.max(0, -passed), 1 + math.max(0, strikes - 1) * percent / 100
end

local function bucket(n, pace)
  local arg = 6 + 5 * (n - 1)
  local b = { usual = tonumber(ARGV[arg]), burst = tonumber(ARGV[arg + 2]), keep = tonumber(ARGV[arg + 4]) }
  b.most = b.usual + tonumber(ARGV[arg + 1])
  b.sends = ARGV[5] == '1' and pace == 1 and b.most or b.usual
  b.window = tonumber(ARGV[arg + 3]) * pace
  return b
end

-- The n-th latest time of a bucket, or none.
local function noted(key, b, n)
  local at = n > 0 and tonumber(redis.call('LINDEX', key, -n) or nil)
  -- Times far ahead were noted before the server's clock was set back.
  if at and at <= now + b.keep then return at end
end

local function wait(key, n, pace)
  local b = bucket(n, pace)
  local full, burst, last = noted(key, b, b.sends), noted(key, b, b.burst), noted(key, b, 1)
  local longest = full and full + b.window - now or 0
  if burst and last then
    longest = math.max(longest, math.min(burst + b.window, last + b.window / b.usual) - now)
  end
  return math.max(0, longest)
end

local function take(key, n, pace)
  local b = bucket(n, pace)
  for _ = 1, messages do
    redis.call('RPUSH', key, string.format('%.0f', now + wait(key, n, pace)))
  end
  redis.call('LTRIM', key, -b.most, -1)
  redis.call('PEXPIRE', key, math.ceil(b.keep / 1000))
end

local any, chat
local all_pace, chat_pace
any, all_pace = penalty(KEYS[1])
any = math.max(any, wait(KEYS[2], 1, all_pace))
chat, chat_pace = penalty(KEYS[3])
chat = math.max(chat, wait(KEYS[4], 2, chat_pace))
if KEYS[5] then chat = math.max(chat, wait(KEYS[5], 3, chat_pace)) end

if any <= 0 and chat <= 0 then
  take(KEYS[2], 1, all_pace)
  take(KEYS[4], 2, chat_pace)
  if KEYS[5] then take(KEYS[5], 3, chat_pace) end
end
return { math.ceil(chat), math.ceil(any) }
