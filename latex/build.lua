-- Build of the LaTeX package: `l3build unpack`, `l3build doc`, `l3build ctan`.

module = "pith"

-- CTAN takes no derived file: pith.sty is made from pith.dtx, and a test holds the committed one to it.
sourcefiles  = {"pith.dtx", "pith.ins"}
unpackfiles  = {"pith.ins"}
installfiles = {"pith.sty"}
typesetfiles = {"pith-doc.tex"}
textfiles    = {"README.md", "LICENSE"}

uploadconfig = {
  pkg       = module,
  version   = "0.1.0",
  author    = "The pithtex project",
  license   = "lppl1.3c",
  summary   = "Put a Pith Number on the first page of a paper and into its PDF",
  ctanPath  = "/macros/latex/contrib/pith",
  topic     = {"pdf-feat", "metadata"},
}
