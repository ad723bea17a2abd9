-- Sessions and pages for wrk: argument 1 a file of cookies, 2 a file of paths, one a line. Each request is of the next
-- session for the next page; an answer that is not 200 counts as an error, and so does a page of the login.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

function init(args)
  local function lines(name)
    local found = {}
    for line in io.lines(name) do found[#found + 1] = line end
    return found
  end
  cookies, paths = lines(args[1]), lines(args[2])
  asked, other = number * 37, 0
end

function request()
  asked = asked + 1
  local headers = {["Cookie"] = cookies[asked % #cookies + 1]}
  return wrk.format("GET", paths[asked % #paths + 1], headers)
end

function response(status)
  if status ~= 200 then other = other + 1 end
end

function done(summary, latency)
  local other = 0
  for _, thread in ipairs(threads) do other = other + thread:get("other") end
  local e = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %.3f, "bytes": %d, "p50": %.1f, "p95": %.1f, "p99": %.1f, "longest": %.1f, ' ..
    '"other": %d, "broken": %d, "timeouts": %d}',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3,
    latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3, other,
    e.connect + e.read + e.write, e.timeout))
end
