package tabular

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"zhijian/ground/fault"
)

// Kind is what the cells of a column hold.
type Kind string

// The kinds. Read gives their cells as: Text, Plate, Phone, Citizen a string; Number and Money an int64 (fen); Day "2026-05-26"; Clock
// "09:00"; Yes a bool.
const (
	Text    Kind = "text"
	Number  Kind = "number" // whole
	Money   Kind = "money"
	Day     Kind = "day"
	Clock   Kind = "clock" // a time of day
	Plate   Kind = "plate"
	Phone   Kind = "phone"          // a mainland mobile number, in E.164
	Citizen Kind = "citizen_number" // GB 11643-1999
	Yes     Kind = "yes"            // yes or no
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{Text, Number, Money, Day, Clock, Plate, Phone, Citizen, Yes}
}

// Sensitive reports whether a value tells who somebody is: it may be asked by, and is never answered.
func (k Kind) Sensitive() bool { return k == Phone || k == Citizen }

// Use says what a column is for.
type Use string

// The uses.
const (
	Key    Use = "key"    // rows are found by it
	Answer Use = "answer" // it is told
	Omit   Use = "omit"   // it is not kept
)

// Uses lists all uses.
func Uses() []Use { return []Use{Key, Answer, Omit} }

// Column is one column of a table.
type Column struct {
	// Name is the column's word in calls and expressions: "plate", "c2".
	Name string `json:"name"`
	// Label is its heading as it stands in the table.
	Label string `json:"label"`
	Kind  Kind   `json:"kind"`
	Use   Use    `json:"use"`
}

// Shape describes a table whole: it is all that is needed to write a service over it.
type Shape struct {
	Columns []Column `json:"columns"`
	// Unique says that no two rows have the same key.
	Unique bool `json:"unique,omitempty"`
	// Slots makes the table one of times with places.
	Slots *Slots `json:"slots,omitempty"`
}

// Slots names the columns, by Name, that make a row a time with places. End is empty when every time takes Minutes.
type Slots struct {
	Day     string `json:"day"`
	Start   string `json:"start"`
	End     string `json:"end,omitempty"`
	Minutes int    `json:"minutes,omitempty"`
	Places  string `json:"places"`
}

// MostColumns bounds a table's columns.
const MostColumns = 40

// Keys lists the columns that rows are found by, in their order.
func (s Shape) Keys() []Column { return s.used(Key) }

// Answers lists the columns that are told, in their order.
func (s Shape) Answers() []Column { return s.used(Answer) }

func (s Shape) used(u Use) (list []Column) {
	for _, c := range s.Columns {
		if c.Use == u {
			list = append(list, c)
		}
	}
	return list
}

// Column finds a column by its name.
func (s Shape) Column(name string) (Column, bool) {
	i := slices.IndexFunc(s.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}, false
	}
	return s.Columns[i], true
}

// Labels lists the headings in their order.
func (s Shape) Labels() []string {
	list := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		list[i] = c.Label
	}
	return list
}

var goodName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,29}$`)

// reserved names have a meaning in every answer.
var reserved = []string{"known", "items", "as_of", "more"}

// Check refuses a shape that nothing could be looked up by, or that would tell what must not be told. Faults are On the column's name.
func (s Shape) Check() error {
	if len(s.Columns) == 0 || len(s.Columns) > MostColumns {
		return fault.Invalid("sheet.columns", "表格要有 1 到 %d 列，请删去不用的列", MostColumns)
	}
	var faults []*fault.Error
	seen := map[string]bool{}
	for _, c := range s.Columns {
		switch {
		case !goodName.MatchString(c.Name) || slices.Contains(reserved, c.Name) || seen[c.Name]:
			return fmt.Errorf("tabular: %q is no name of a column, or there twice", c.Name)
		case !slices.Contains(Kinds(), c.Kind):
			faults = append(faults, fault.Invalid("sheet.kind", "请选“%s”这一列是什么", c.Label).On(c.Name))
		case !slices.Contains(Uses(), c.Use):
			faults = append(faults, fault.Invalid("sheet.use", "请选“%s”这一列怎么用", c.Label).On(c.Name))
		case c.Use == Answer && c.Kind.Sensitive():
			faults = append(faults, fault.Invalid("sheet.sensitive", "“%s”是个人信息，只能用来查，不能显示", c.Label).On(c.Name))
		}
		seen[c.Name] = true
	}
	if s.Slots != nil {
		faults = append(faults, s.checkSlots()...)
	} else if len(s.Keys()) == 0 {
		faults = append(faults, fault.Invalid("sheet.key", "请选一列用来查，例如车牌号或编号").On("key"))
	} else if len(s.Answers()) == 0 {
		faults = append(faults, fault.Invalid("sheet.answer", "请至少留一列告诉查的人").On("key"))
	}
	return fault.Join(faults...)
}

func (s Shape) checkSlots() (faults []*fault.Error) {
	is := func(name string, k Kind) bool {
		c, ok := s.Column(name)
		return ok && c.Kind == k && c.Use != Omit
	}
	if !is(s.Slots.Day, Day) {
		faults = append(faults, fault.Invalid("sheet.slot_day", "做预约请指定一列是日期").On("slots"))
	}
	if !is(s.Slots.Start, Clock) {
		faults = append(faults, fault.Invalid("sheet.slot_start", "做预约请指定一列是开始的钟点，例如 9:00").On("slots"))
	}
	if !is(s.Slots.Places, Number) {
		faults = append(faults, fault.Invalid("sheet.slot_places", "做预约请指定一列是名额，填整数").On("slots"))
	}
	for _, c := range s.Keys() {
		if !slices.Contains([]Kind{Text, Number, Day, Plate}, c.Kind) {
			faults = append(faults, fault.Invalid("sheet.slot_key", "做预约的表格，用来查的列请用文字、整数、日期或车牌号").On(c.Name))
		}
	}
	switch {
	case s.Slots.End != "" && (!is(s.Slots.End, Clock) || s.Slots.End == s.Slots.Start):
		faults = append(faults, fault.Invalid("sheet.slot_end", "结束的钟点要是另一列，例如 9:30").On("slots"))
	case s.Slots.End == "" && (s.Slots.Minutes < 5 || s.Slots.Minutes > 24*60):
		faults = append(faults, fault.Invalid("sheet.slot_minutes", "每个时段请填 5 到 1440 分钟").On("minutes"))
	}
	return faults
}

// Fits reports whether a table with these headings can be read by this shape.
func (s Shape) Fits(header []string) bool { return slices.Equal(s.Labels(), trimmed(header)) }

// Keep takes over from an earlier shape what it says of columns with the same heading, wherever they stand now: services that were written
// over it go on. A new column gets a name that no earlier one had.
func (s Shape) Keep(was Shape) Shape {
	s.Columns = slices.Clone(s.Columns)
	kept := 0
	for i, c := range s.Columns {
		if at := slices.IndexFunc(was.Columns, func(o Column) bool { return o.Label == c.Label }); at >= 0 {
			s.Columns[i] = was.Columns[at]
			kept++
		}
	}
	if kept == 0 {
		return s
	}
	next := len(s.Columns) + len(was.Columns)
	for i, c := range s.Columns {
		if slices.ContainsFunc(was.Columns, func(o Column) bool { return o.Label == c.Label }) {
			continue
		}
		if c.Use == Key {
			s.Columns[i].Use = Answer // rows are found as they were
		}
		if c.Kind.Sensitive() {
			s.Columns[i].Use = Omit
		}
		for taken := true; taken; next++ {
			s.Columns[i].Name = fmt.Sprintf("c%d", next)
			taken = slices.ContainsFunc(was.Columns, func(o Column) bool { return o.Name == s.Columns[i].Name })
		}
	}
	s.Unique = was.Unique
	if x := was.Slots; x != nil && s.checkNames(x.Day, x.Start, x.End, x.Places) {
		s.Slots = x
	}
	return s
}

// checkNames reports whether there are columns of these names.
func (s Shape) checkNames(names ...string) bool {
	for _, name := range names {
		if _, ok := s.Column(name); !ok && name != "" {
			return false
		}
	}
	return true
}

// trimmed takes empty headings off the end.
func trimmed(header []string) []string {
	for len(header) > 0 && strings.TrimSpace(header[len(header)-1]) == "" {
		header = header[:len(header)-1]
	}
	return header
}

var errHeading = errors.New("tabular: the table has other headings")

// AsSlots proposes the columns that make a table one of times with places: the first day, the first time of day, the second as the end, and
// the number whose heading says places, or else the first. They are told, not asked by. ok is false when one of them is missing.
func (s Shape) AsSlots(minutes int) (_ Shape, ok bool) {
	var x Slots
	for i, c := range s.Columns {
		switch {
		case c.Use == Omit:
			continue
		case c.Kind == Day && x.Day == "":
			x.Day = c.Name
		case c.Kind == Clock && x.Start == "":
			x.Start = c.Name
		case c.Kind == Clock && x.End == "":
			x.End = c.Name
		case c.Kind == Number && (x.Places == "" || placesWords.MatchString(c.Label)):
			x.Places = s.Columns[i].Name
		}
	}
	if x.End == "" {
		x.Minutes = minutes
	}
	s.Columns, s.Slots, s.Unique = slices.Clone(s.Columns), &x, false
	for i, c := range s.Columns {
		if c.Use == Key && (c.Name == x.Day || c.Name == x.Start || c.Name == x.End || c.Name == x.Places) {
			s.Columns[i].Use = Answer
		}
	}
	return s, x.Day != "" && x.Start != "" && x.Places != ""
}

var placesWords = regexp.MustCompile(`名额|人数|号源|places|capacity`)

// LooksLikeSlots reports whether a table seems to be one of times with places.
func (s Shape) LooksLikeSlots() bool {
	x, ok := s.AsSlots(30)
	if !ok {
		return false
	}
	c, _ := s.Column(x.Slots.Places)
	return placesWords.MatchString(c.Label)
}
