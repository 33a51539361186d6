-- Takes one page of a data set. Pages may come in any order, twice, and from two requests.
-- KEYS: static:meta, the version's hash, the set of its pages that have come
-- ARGV: set, version, as of, loaded at, page, pages, life of an unfinished version (ms), life of a replaced one (ms), the latest time and
-- version that can be true now, the signatures of the content and of the time, then id, JSON, ...
-- Returns "old", "same", "unknown", "part" or "switched".
local set, version, asof, loaded, page, pages = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])

local content, since = ARGV[11], ARGV[12]

local function announce(count, written)
	redis.call('HSET', KEYS[1], set, string.format(
		'{"set":"%s","version":%s,"as_of":"%s","loaded_at":"%s","written_at":"%s","count":%d,"content_signature":"%s","held_signature":"%s"}',
		set, ARGV[2], asof, loaded, written, count, content, since))
end

-- What is held, or nil: also if the description cannot be read, if records are missing that it promises, or if it is of a time to come.
-- The set is then loaded anew, as if it had never been.
local function held()
	local text = redis.call('HGET', KEYS[1], set)
	local readable, meta = pcall(cjson.decode, text or '')
	if not readable or type(meta) ~= 'table' or type(meta.version) ~= 'number' or type(meta.count) ~= 'number'
		or type(meta.as_of) ~= 'string' or type(meta.loaded_at) ~= 'string' then
		return nil
	end
	if since ~= '' and (meta.content_signature or '') == '' and meta.version <= version then
		return nil -- the origin signs now, and did not when this was loaded
	end
	if meta.as_of > ARGV[9] or meta.version > tonumber(ARGV[10]) then
		return nil
	end
	if redis.call('HLEN', string.format('static:%s:%.0f', set, meta.version)) ~= meta.count then
		return nil
	end
	return meta
end

local current = held()
if current and current.version > version then
	return 'old'
end
if current and current.version == version then
	-- The records are there; only their age is news. Times are of one width in UTC, so they compare as text.
	if asof < current.as_of then
		asof, since = current.as_of, current.held_signature or ''
	end
	content = current.content_signature or ''
	announce(current.count, current.written_at or current.loaded_at)
	return 'same'
end
if pages == 0 then
	if not current then
		redis.call('HDEL', KEYS[1], set) -- so that the whole set is asked for
	end
	return 'unknown'
end

for i = 13, #ARGV, 2 do
	redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
end
redis.call('SADD', KEYS[3], page)
if redis.call('SCARD', KEYS[3]) < pages then
	redis.call('PEXPIRE', KEYS[2], ARGV[7])
	redis.call('PEXPIRE', KEYS[3], ARGV[7])
	return 'part'
end

redis.call('PERSIST', KEYS[2])
redis.call('DEL', KEYS[3])
announce(redis.call('HLEN', KEYS[2]), loaded)
if current then
	-- Who reads the old version just now may finish.
	redis.call('PEXPIRE', string.format('static:%s:%.0f', set, current.version), ARGV[8])
end
return 'switched'
