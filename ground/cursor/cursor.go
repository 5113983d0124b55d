// Package cursor turns the place in a list into an opaque word for "next page".
//
// Lists are read by key, newest first: (at, id) of the last row seen. A cursor is no
// secret and gives no right; the query behind it still asks for the actor's own rows.
package cursor

import (
	"encoding/base64"
	"encoding/binary"

	"zhijian/ground/fault"
)

// Cursor is the place after one row. The zero Cursor is the start of the list.
type Cursor struct {
	At int64 // Unix milliseconds of the last row seen
	ID int64 // its id, to tell rows of one millisecond apart
}

const version = 1

// String gives the word for URLs; empty for the zero Cursor.
func (c Cursor) String() string {
	if c == (Cursor{}) {
		return ""
	}
	b := binary.AppendVarint([]byte{version}, c.At)
	return base64.RawURLEncoding.EncodeToString(binary.AppendVarint(b, c.ID))
}

// Parse reads a word that String gave; "" is the zero Cursor. Anything else is fault.Invalid "cursor".
func Parse(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) < 3 || len(b) > 21 || b[0] != version {
		return Cursor{}, bad()
	}
	at, n := binary.Varint(b[1:])
	if n <= 0 {
		return Cursor{}, bad()
	}
	id, m := binary.Varint(b[1+n:])
	if m <= 0 || 1+n+m != len(b) || at < 0 || id < 0 {
		return Cursor{}, bad()
	}
	c := Cursor{At: at, ID: id}
	if c.String() != s {
		return Cursor{}, bad()
	}
	return c, nil
}

func bad() error {
	return fault.Invalid("cursor", "这一页的地址不完整，请从列表重新打开")
}
