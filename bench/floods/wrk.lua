-- What wrk asks for: KIND is pages, query, form or identities; PAUSE the mean pause of a connection, milliseconds; AGENTS and PAGES are files, one a line.
local function lines(name)
  local all = {}
  for line in io.lines(os.getenv(name)) do all[#all + 1] = line end
  return function() return all[math.random(#all)] end
end
local agent, page = lines("AGENTS"), lines("PAGES")
local steady = agent()

local function word()
  local letters = {}
  for i = 1, 8 do letters[i] = string.char(math.random(97, 122)) end
  return table.concat(letters)
end

-- The fields of the command line, and these.
local function with(fields)
  for name, value in pairs(wrk.headers) do fields[name] = value end
  return fields
end

local kinds = {
  pages = function() return wrk.format("GET", page(), with { ["User-Agent"] = steady }) end,
  query = function()
    return wrk.format("GET", "/search?q=" .. word() .. "&t=" .. math.random(1e6), with { ["User-Agent"] = steady })
  end,
  form = function()
    return wrk.format("POST", "/contact", with { ["User-Agent"] = steady, ["Content-Type"] = "application/x-www-form-urlencoded" },
      "name=" .. word() .. "&text=" .. word() .. "+" .. word())
  end,
  identities = function()
    return wrk.format("GET", page(), with { ["User-Agent"] = agent(), ["Referer"] = "https://www." .. word() .. ".example/",
      ["Cookie"] = "visit=" .. word(), ["Accept-Language"] = "en-US,en;q=0.9", ["Accept"] = "*/*" })
  end,
}

request = kinds[os.getenv("KIND")]
function delay() return math.random(0, 2 * tonumber(os.getenv("PAUSE"))) end
