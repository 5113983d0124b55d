// Package migrations embeds the numbered schema files that both databases share.
//
// A file is NNNN_name.sql in the portable subset: types bigint, integer, text, boolean and
// bytea; statements end with a semicolon; no function bodies, no comments but "--". Files only go forward and are never edited once
// they are on main: sqldb remembers the hash of every file it applied and refuses a changed one.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed *.sql
var files embed.FS

// Files gives the schema files.
func Files() fs.FS { return files }
