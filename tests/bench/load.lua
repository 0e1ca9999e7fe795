-- What wrk asks for: wrk ... -s load.lua http://host:port -- ENDPOINT SEED POSTS USERS PASSWORD TOKENS
--
-- ENDPOINT is one, list, create or login. POSTS and USERS are how many there are; TOKENS is a file with a token a line.
-- At the end one line of JSON is printed.

local function read_lines(path)
    local lines = {}
    for line in io.lines(path) do
        lines[#lines + 1] = line
    end
    return lines
end

-- 1 KiB of prose, with what JSON must escape now and then.
local sentence = [[It was written to be read, like most posts: a line of prose, then another. \"So it is\", they said.\n]]
local content = sentence:rep(9) .. ("x"):rep(1024 - 9 * (#sentence - 3))

local makers = {}

-- A request is made once and put together from pieces, so that making it costs wrk as little as can be.
function makers.one(_, posts)
    local before, after = wrk.format("GET", "/api/v1/posts/@"):match("^(.-)@(.*)$")
    return function()
        return before .. math.random(posts) .. after
    end
end

function makers.list()
    local whole = wrk.format("GET", "/api/v1/posts?limit=10")
    return function()
        return whole
    end
end

function makers.create(_, _, _, _, tokens)
    local requests = {}
    for i, token in ipairs(read_lines(tokens)) do
        requests[i] = wrk.format("POST", "/api/v1/posts", {
            ["Content-Type"] = "application/json",
            ["Authorization"] = "Bearer " .. token,
        }, '{"title":"A post of the benchmark","content":"' .. content .. '"}')
    end
    local at = 0
    return function()
        at = at % #requests + 1
        return requests[at]
    end
end

function makers.login(_, _, users, password)
    local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
    return function()
        local form = ("username=user%d%%40example.com&password=%s"):format(math.random(users), password)
        return wrk.format("POST", "/api/v1/login", headers, form)
    end
end

function init(args)
    local endpoint, seed, posts, users, password, tokens = unpack(args)
    math.randomseed(tonumber(seed))
    request = makers[endpoint](endpoint, tonumber(posts), tonumber(users), password, tokens)
end

function done(summary, latency)
    local e = summary.errors
    print(('{"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "errors": %d}'):format(
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        e.connect + e.read + e.write + e.status + e.timeout))
end
