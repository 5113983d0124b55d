// Package message carries words between an official account and a resident: notes one way, and the talk they have.
//
// A note is kept once per key, however often it is sent. Its text is sealed; lists and
// previews never say more than the resident's own pages do.
package message

import (
	"log/slog"
	"strings"
	"time"

	"zhijian/ground/fault"
	"zhijian/ground/seal"
)

// Note is one message of an account to a resident.
type Note struct {
	ID       int64
	Key      string // what it is about, unique per resident: "cases.done/7K2Q…"
	Resident int64
	Account  int64
	Kind     string    // "case", "payment", "system"
	Title    string    // a wording key, e.g. "note.done"; shown in the reader's language
	Rows     []Row     // at most 4; sealed at rest
	Text     seal.Text // one sentence; sealed at rest
	Link     string    // path on this site
	At       time.Time
	Read     time.Time // zero while unread
}

// Row is one labelled line of a note; Label is a wording key. Value may be personal: a row prints as [sealed].
type Row struct{ Label, Value string }

// String hides the value.
func (Row) String() string { return "[sealed]" }

// GoString hides the value from %#v.
func (Row) GoString() string { return "[sealed]" }

// LogValue hides the value from slog.
func (Row) LogValue() slog.Value { return slog.StringValue("[sealed]") }

// MarshalJSON hides the value from JSON.
func (Row) MarshalJSON() ([]byte, error) { return []byte(`"[sealed]"`), nil }

// check refuses a note that no page could show. Notes are made by the house, so a fault here is a
// mistake of ours, not of a person.
func (n Note) check() error {
	switch {
	case n.Resident == 0 || n.Key == "" || len(n.Key) > 200:
		return fault.Invalid("note.key", "消息缺少收件人或编号，请补全")
	case n.Title == "" || n.Kind == "":
		return fault.Invalid("note.title", "消息缺少标题或类别，请补全")
	case len(n.Rows) > maxRows:
		return fault.Invalid("note.rows", "消息最多 %d 行", maxRows)
	case n.Link != "" && (!strings.HasPrefix(n.Link, "/") || strings.HasPrefix(n.Link, "//") || strings.ContainsAny(n.Link, "\\\r\n")):
		return fault.Invalid("note.link", "消息的链接只能指向本站")
	}
	return nil
}

const maxRows = 4
