-- Build and test of the LaTeX package: `l3build check`, `l3build save`, `l3build ctan`.

module = "pith"

-- CTAN takes no derived file: pith.sty is made from pith.dtx, and a test holds the committed one to it.
sourcefiles  = {"pith.dtx", "pith-signs.dtx", "pith-venues.dtx", "pith-qr.dtx", "pith.ins"}
unpackfiles  = {"pith.ins"}
installfiles = {"pith.sty"}
typesetfiles = {"pith-doc.tex"}
docfiles     = {"pith-contact.tex", "pith-page-*.png"}
typesetsuppfiles = {"pith-contact.tex", "pith-page-*.png"}
textfiles    = {"README.md", "CHANGELOG.md", "LICENSE"}

local function read(name)
  local file = assert(io.open(name, "rb"))
  local content = file:read("a")
  file:close()
  return content
end

local function put(name, content)
  local file = assert(io.open(name, "wb"))
  file:write(content)
  file:close()
end

-- Who to reach, set in one file; and the version, which is pith.dtx's.
local facts = {}
for key, value in read("pith-contact.tex"):gmatch("\\newcommand\\Contact(%a+){(.-)}") do
  facts[key:lower()] = value
end
facts.date, facts.version = read("pith.dtx"):match("\\ProvidesExplPackage {pith} {(.-)} {(.-)}")

-- README and CHANGELOG for CTAN's readers: those of the repository's folder are for who works on it.
textfiledir = "build/ctan-texts"
lfs.mkdir("build")
lfs.mkdir(textfiledir)
put(textfiledir .. "/README.md", (read("ctan/README.md"):gsub("@(%a+)@", facts)))
put(textfiledir .. "/CHANGELOG.md", read("ctan/CHANGELOG.md"))
put(textfiledir .. "/LICENSE", read("LICENSE"))

-- What the tests run on: each way from a paper to a PDF. A paper for dvipdfmx says so by a global option.
checkengines = {"pdftex", "luatex", "xetex", "dvips", "dvipdfmx"}
checkruns    = 1
specialformats = {
  latex = {
    dvips    = {binary = "pdftex", format = "latex", tokens = "\\def\\testoptions{dvips}"},
    dvipdfmx = {binary = "pdftex", format = "latex", tokens = "\\def\\testoptions{dvipdfmx}"},
  },
}

-- l3build knows dvips only.
function dvitopdf(name, dir, engine, hide)
  local silent = hide and " > " .. os_null .. " 2>&1" or ""
  local commands = engine == "dvipdfmx" and {"dvipdfmx -z 0 -C 0x40 " .. name}
    or {"dvips -R2 -q -z " .. name .. ".dvi -o " .. name .. ".ps", "ps2pdf " .. name .. ".ps " .. name .. ".pdf"}
  for _, command in ipairs(commands) do
    local errorlevel = run(dir, set_epoch_cmd(epoch, forcecheckepoch) .. command .. silent)
    if errorlevel ~= 0 then
      return errorlevel
    end
  end
  return 0
end

-- A .tpf is what the PDF says of the number, and nothing else: the rest differs between engines and their versions, is
-- not this package's, and would hide what is.
local function strings(content, key)
  local found = {}
  for value in content:gmatch("/" .. key .. "%s*(%b())") do
    found[#found + 1] = "/" .. key .. " " .. value:gsub("\\([()])", "%1")
  end
  for value in content:gmatch("/" .. key .. "%s*(%b<>)") do
    local text = value:gsub("[<>%s]", ""):gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)
    found[#found + 1] = "/" .. key .. " (" .. text .. ")"
  end
  return found
end

local function badges(content)
  local found = {}
  for object in content:gmatch("%d+ 0 obj(.-)endobj") do
    if object:find("/NM%s*%(pith%-badge") or object:find("/NM%s*<70697468") then
      for _, key in ipairs({"NM", "URI", "Contents"}) do
        for _, line in ipairs(strings(object, key)) do
          found[#found + 1] = line
        end
      end
      found[#found + 1] = "/F " .. tostring(object:match("/F%s+(%d+)"))
      found[#found + 1] = "/Border " .. tostring(object:match("/Border%s*(%b[])")):gsub("%s+", " ")
    end
  end
  return found
end

local function properties(content)
  local found = {}
  for name, value in content:gmatch("<pith:(%w+)>(.-)</pith:%w+>") do
    found[#found + 1] = "pith:" .. name .. " " .. value:gsub("%s+", "")
  end
  return found
end

local function rewrite(source, result)
  local content = read(source)
  local lines = {}
  for _, key in ipairs({"PithNumber", "PithReceipt"}) do
    table.insert(lines, table.concat(strings(content, key), "\n"))
  end
  table.insert(lines, table.concat(badges(content), "\n"))
  table.insert(lines, table.concat(properties(content), "\n"))
  local _, packets = content:gsub("/Metadata%s+%d+ 0 R", "")
  if packets > 1 then -- Ghostscript writes one of its own
    table.insert(lines, "packets in the catalog: " .. packets)
  end
  put(result, table.concat(lines, "\n"):gsub("\n\n+", "\n") .. "\n")
end

-- A .tlg does not depend on what pith.sty reads in one go and what on need: TeX names the file each time.
local function rewrite_without_parts(source, result, engine, errlevels)
  rewrite_log(source, result, engine, errlevels)
  put(result, (read(result):gsub("%f[^\n]%(pith%.sty%)\n", "")))
end

test_types = {
  log = {test = ".lvt", generated = ".log", reference = ".tlg", compare = compare_tlg, rewrite = rewrite_without_parts},
  pdf = {test = ".pvt", generated = ".pdf", reference = ".tpf", rewrite = rewrite},
}

uploadconfig = {
  pkg          = module,
  version      = facts.version .. " " .. facts.date,
  author       = facts.maintainer,
  uploader     = facts.maintainer,
  email        = facts.email,
  license      = "lppl1.3c",
  summary      = "Put a Pith Number on the first page of a paper and into its PDF",
  description  = read("ctan/description.txt"),
  announcement = read("ctan/announcement.txt"),
  ctanPath     = "/macros/latex/contrib/pith",
  topic        = {"pdf-feat", "metadata"},
  home         = facts.home,
  repository   = facts.repository,
  bugtracker   = facts.tracker,
  support      = facts.tracker,
  update       = false,
}
