-- What a soak asks for: wrk ... -s soak.lua http://host:port -- POSTS TOKENS
--
-- Everything that people do often, in random order; of a hundred requests two are bad, each in its own way. POSTS is how many
-- there are; TOKENS is a file with a token a line. At the end one line of JSON is printed.

local good, bad, random = {}, {}, math.random
local threads = {}
refused, failed = 0, 0

local function read_lines(path)
    local lines = {}
    for line in io.lines(path) do
        lines[#lines + 1] = line
    end
    return lines
end

local function json(token)
    return { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }
end

function setup(thread)
    threads[#threads + 1] = thread
end

function init(args)
    local posts, tokens = tonumber(args[1]), read_lines(args[2])
    local function who()
        return tokens[random(#tokens)]
    end
    local function one(token)
        return wrk.format("GET", "/api/v1/posts/" .. random(posts), token and { ["Authorization"] = "Bearer " .. token })
    end
    good = {
        function() return one() end,
        function() return one() end,
        function() return one(who()) end,
        function() return wrk.format("GET", "/api/v1/posts?limit=10") end,
        function() return wrk.format("GET", "/api/v1/posts?limit=20&sort_by=-votes&include=tags,comments") end,
        function() return wrk.format("GET", "/api/v1/books?limit=10&search=a") end,
        function() return wrk.format("GET", "/api/v1/users/me", { ["Authorization"] = "Bearer " .. who() }) end,
        function() return wrk.format("GET", "/openapi.json") end,
        function() return wrk.format("POST", "/api/v1/posts", json(who()), '{"title":"soaked","content":"through and through"}') end,
        function()
            return wrk.format("PUT", "/api/v1/posts/" .. random(posts) .. "/vote", json(who()),
                '{"vote_type":"' .. (random(2) == 1 and "upvote" or "downvote") .. '"}')
        end,
    }
    bad = {
        function() return wrk.format("GET", "/api/v1/nowhere/" .. random(1e6)) end,
        function() return wrk.format("GET", "/api/v1/posts/x?limit=none&sort_by=nothing") end,
        function() return wrk.format("GET", "/api/v1/posts?cursor=" .. ("x"):rep(random(4000))) end,
        function() return wrk.format("GET", "/api/v1/users/me", { ["Authorization"] = "Bearer " .. ("a.b.c"):rep(random(400)) }) end,
        function() return wrk.format("POST", "/api/v1/posts", json(who()), '{"title":' .. ("["):rep(random(2000))) end,
        function() return wrk.format("POST", "/api/v1/posts", json(who()), '{"title":5,"content":null}') end,
        function() return wrk.format("POST", "/api/v1/posts", json(who()), '{"title":"' .. ("é"):rep(random(20000)) .. '","content":""}') end,
        function() return wrk.format("PATCH", "/api/v1/posts/999999999", json(who()), '{"title":"nobody\'s"}') end,
        function() return wrk.format("DELETE", "/api/v1/posts", json(who())) end,
    }
    math.randomseed(os.time())
end

function request()
    local kinds = random(100) <= 2 and bad or good
    return kinds[random(#kinds)]()
end

function response(status)
    if status >= 500 then
        failed = failed + 1
    elseif status >= 400 then
        refused = refused + 1
    end
end

function done(summary, latency)
    local e, no, broken = summary.errors, 0, 0
    for _, thread in ipairs(threads) do
        no, broken = no + thread:get("refused"), broken + thread:get("failed")
    end
    print(('{"requests": %d, "seconds": %.3f, "p99": %.3f, "refused": %d, "failed": %d}'):format(summary.requests,
        summary.duration / 1e6, latency:percentile(99) / 1e3, no, broken + e.connect + e.read + e.write + e.timeout))
end
