// Package sheet lets a table that a clerk uploads answer like a department's own system.
//
// A sheet belongs to a department. Each upload is a generation: a draft whose columns the clerk confirms, then a table whose every row
// was either taken whole or is listed as refused with its line and the reason, then the one that answers. Which generation answers is one number, so a
// new one takes over, and a former one comes back, between two questions: nobody meets half a table. Rows are kept sealed and
// found by a keyed hash; what tells who somebody is can be asked by and is never kept in the clear nor answered.
package sheet

import (
	"regexp"
	"slices"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
)

// Sheet is one table with its generations.
type Sheet struct {
	ID         int64
	Slug       string // the word in a system's key "sheet:<slug>", unique
	Name       string
	Department int64
	Live       int // number of the generation that answers; 0 for none
	Last       int // number of the newest generation
	// Generations are those that are kept, the oldest first.
	Generations []Generation
	Created     time.Time
	Rev         int64
}

// State says how far a generation is.
type State string

// The states. Which ready generation answers is the sheet's matter.
const (
	Draft State = "draft" // uploaded, its columns are not confirmed
	Ready State = "ready" // taken apart, and may answer
)

// Generation is one upload.
type Generation struct {
	Number  int           `json:"number"`
	State   State         `json:"state"`
	File    string        `json:"file"` // name of the uploaded file
	Shape   tabular.Shape `json:"shape"`
	Rows    int           `json:"rows"`             // taken
	Refused int           `json:"refused"`          // listed
	By      string        `json:"by"`               // who uploaded it
	Source  int64         `json:"source,omitempty"` // its file, until the rows are taken
	Table   int64         `json:"table,omitempty"`  // its rows; a draft's are not complete
	At      time.Time     `json:"at"`
	Since   time.Time     `json:"since,omitzero"` // when it last began to answer
}

// kept is how many generations that have answered stay, so that one can go back.
const kept = 5

// MostSheets is how many sheets a department may have.
const MostSheets = 50

// System is the key by which city packs and definitions name a sheet.
func (s Sheet) System() string { return Prefix + s.Slug }

// Prefix begins the system keys of sheets.
const Prefix = "sheet:"

// Generation finds one by its number.
func (s Sheet) Generation(number int) (Generation, bool) {
	i := slices.IndexFunc(s.Generations, func(g Generation) bool { return g.Number == number })
	if i < 0 || number == 0 {
		return Generation{}, false
	}
	return s.Generations[i], true
}

// Answering is the generation that answers.
func (s Sheet) Answering() (Generation, bool) { return s.Generation(s.Live) }

// Draft is the newest upload that does not answer yet.
func (s Sheet) Draft() (Generation, bool) {
	if g, ok := s.Generation(s.Last); ok && g.Since.IsZero() {
		return g, true
	}
	return Generation{}, false
}

func (s *Sheet) put(g Generation) {
	if i := slices.IndexFunc(s.Generations, func(was Generation) bool { return was.Number == g.Number }); i >= 0 {
		s.Generations[i] = g
		return
	}
	s.Generations = append(s.Generations, g)
}

// drop takes out the generations that need no place any more, a former draft and what answered long ago, and names what they hold.
func (s *Sheet) drop() (held []int64) {
	var gone, answered []int
	for _, g := range s.Generations {
		switch {
		case g.Number == s.Live || g.Number == s.Last:
		case g.Since.IsZero():
			gone = append(gone, g.Number)
		default:
			answered = append(answered, g.Number)
		}
	}
	gone = append(gone, answered[:max(0, len(answered)-(kept-1))]...)
	s.Generations = slices.DeleteFunc(s.Generations, func(g Generation) bool {
		if !slices.Contains(gone, g.Number) {
			return false
		}
		held = append(held, g.Source, g.Table)
		return true
	})
	return slices.DeleteFunc(held, func(n int64) bool { return n == 0 })
}

var goodSlug = regexp.MustCompile(`^[a-z][a-z0-9-]{1,32}[a-z0-9]$`)

func (s Sheet) check() error {
	var slug, name *fault.Error
	if !goodSlug.MatchString(s.Slug) {
		slug = fault.Invalid("sheet.slug", "代号用小写字母、数字和短横线，3 到 34 个，例如 parking-lots").On("slug")
	}
	if n := len([]rune(s.Name)); n < 2 || n > 40 {
		name = fault.Invalid("sheet.name", "请给表格起名，2 到 40 个字，例如 停车场名单").On("name")
	}
	return fault.Join(slug, name)
}

func (s Sheet) meta(a actor.Actor) event.Meta { return event.Meta{Actor: a.String()} }

// allowed lets the department's staff and the operator at a sheet; to others there is none.
func (s Sheet) allowed(a actor.Actor) error {
	if a.Kind == actor.Operator || a.Kind == actor.System || a.Kind == actor.Staff && a.Department == s.Department && a.Department != 0 {
		return nil
	}
	return None()
}

// None says that there is no such sheet, or none that the asker may see.
func None() *fault.Error {
	return fault.NotFound("sheet", "没有找到这个表格，可能已经换了部门")
}
