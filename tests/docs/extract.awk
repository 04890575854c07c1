# Writes each fenced block of a document to FOLDER/NNN.KIND (NNN counts blocks) and one line per block to FOLDER/index:
#   NNN KIND FIRST_LINE AFTER_HEADING
# KIND is program, declarations or fragment for a cpp block (text if it has `int main`: program), else the fence's word.
# AFTER_HEADING is 1 when a heading stands between this block and the one before.
function finish() {
  if (kind == "cpp") kind = body ~ /(^|\n)[ \t]*int main *\(/ ? "program" : (declarations ? "declarations" : "fragment")
  name = sprintf("%03d", ++count)
  printf "%s", body > (FOLDER "/" name "." kind)
  close(FOLDER "/" name "." kind)
  print name, kind, first, heading > (FOLDER "/index")
  inside = heading = declarations = 0
}
BEGIN { printf "" > (FOLDER "/index") }
!inside && /^[ ]*```/ {
  inside = 1
  body = ""
  first = NR + 1
  kind = $0
  indent = match(kind, /`/) - 1
  sub(/^[ ]*`+[ ]*/, "", kind)
  sub(/[^A-Za-z0-9+].*/, "", kind)
  if (kind == "") kind = "plain"
  next
}
inside && /^[ ]*```[ ]*$/ { finish(); next }
inside {
  line = $0
  if (indent > 0 && substr(line, 1, indent) ~ /^ *$/) line = substr(line, indent + 1)
  body = body line "\n"
  next
}
/^<!-- declarations -->/ { declarations = 1; next }
/^#/ { heading = 1 }
/[^ \t]/ { declarations = 0 }
END { if (inside) { print FILENAME ": a fence is not closed" > "/dev/stderr"; exit 1 } }
