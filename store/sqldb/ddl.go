package sqldb

import (
	"regexp"
	"strings"
)

// splitSQL cuts a file into statements at semicolons outside quotes, and drops comments.
func splitSQL(text string) []string {
	var list []string
	var b strings.Builder
	var quote byte
	end := func() {
		if s := strings.TrimSpace(b.String()); s != "" {
			list = append(list, s)
		}
		b.Reset()
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
			b.WriteByte(c)
		case c == '\'' || c == '"':
			quote = c
			b.WriteByte(c)
		case c == '-' && strings.HasPrefix(text[i:], "--"):
			n := strings.IndexByte(text[i:], '\n')
			if n < 0 {
				n = len(text) - i
			}
			i += n - 1
		case c == ';':
			end()
		default:
			b.WriteByte(c)
		}
	}
	end()
	return list
}

// sqliteDDL turns a portable statement into SQLite's: a bigint key becomes the rowid itself, a
// key of several columns becomes the table's own order (one B-tree less: a third off the cost
// of an event), and STRICT tables refuse a value of the wrong type, as Postgres does.
func sqliteDDL(s string) string {
	s = outsideQuotes(s, func(part string) string {
		part = wordInteger.ReplaceAllString(part, "integer")
		return wordBlob.ReplaceAllString(part, "blob")
	})
	if createTable.MatchString(s) {
		s += " strict"
		if keyedByMore.MatchString(s) {
			s += ", without rowid"
		}
	}
	return s
}

var (
	wordInteger = regexp.MustCompile(`(?i)\b(bigint|boolean)\b`)
	wordBlob    = regexp.MustCompile(`(?i)\bbytea\b`)
	keyedByMore = regexp.MustCompile(`(?i)\bprimary\s+key\s*\([^)]*,`)
	createTable = regexp.MustCompile(`(?i)^create\s+table\b`)
)

func outsideQuotes(s string, change func(string) string) string {
	parts := strings.Split(s, "'")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = change(parts[i])
	}
	return strings.Join(parts, "'")
}
