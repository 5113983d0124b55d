package component

import "github.com/a-h/templ"

// DeskHead is the head of a console page: the h1, a line, buttons.
type DeskHead struct {
	Title   string
	Sub     string
	Buttons []DeskButton
}

// DeskButton is a button of the consoles.
type DeskButton struct {
	Text string
	Href string
	// Tone is Plain (primary), Line, Quiet or Danger.
	Tone  Tone
	Icon  string
	Name  string
	Value string
	// Action sends the form elsewhere; Form is the id of a form that the button stands outside of.
	Action string
	Form   string
	Spoken string
}

// DeskPost is a form of one button: retry, release, drop.
type DeskPost struct {
	Action string
	Button DeskButton
	Hidden []Hidden
}

// TodoTile is one number that waits: a link to the filtered queue.
type TodoTile struct {
	Label string
	N     int
	// Note is the oldest waiting time.
	Note string
	Href string
	Tone Tone // Plain, Warn, Danger
}

// Tiles are TodoTiles beside each other, four to a row.
type Tiles struct{ Items []TodoTile }

// Panel is a block of a console page; use it with In.
type Panel struct {
	Title string
	Note  string // beside the title, or above what is in the panel when there is none
	More  Anchor
	// Flush has no inner space, for tables.
	Flush bool
}

// Table is a real table. Its caption is read by screen readers.
type Table struct {
	Caption string
	Columns []Column
	Rows    []TableRow
	// Empty is said when there are no rows.
	Empty string
}

// Column is one column's head.
type Column struct {
	Text string
	// Right aligns numbers.
	Right bool
	// Sort is "", "ascending" or "descending".
	Sort string
}

// TableRow is one row of a Table.
type TableRow struct {
	Cells []Cell
	// On is the row shown beside the table.
	On bool
}

// Cell is one cell: text or Body, with a small line below.
type Cell struct {
	Text  string
	Href  string
	Small string
	// Num sets Small in figures, for long numbers.
	Num  bool
	Body templ.Component
}

// QueueTabs are the states of a queue with their counts.
type QueueTabs struct {
	Label string
	Items []QueueTab
}

// QueueTab is one state; N below 0 leaves the count out.
type QueueTab struct {
	Text, Href string
	N          int
	On         bool
	Hot        bool
}

// Due is the time left, as a bar and in words.
type Due struct {
	Text string
	// Share is the part of the time that is used up, 0 to 100; below 0 leaves the bar out.
	Share int
	Tone  Tone // Plain, Warn, Danger
}

// Filter is a form that gets the page with the chosen state in the URL; use it with In.
type Filter struct{ Action string }

// DeskInput is an input or a select of the consoles, with its label.
type DeskInput struct {
	Name, ID, Label, Hint, Error, Value string
	Kind                                Kind
	// Options make it a select.
	Options []Option
	// Hide speaks the label only, in filter bars.
	Hide bool
	// Lines above 0 make it a text area.
	Lines int
	Max   int
}

// DeskChoices are radios, or checkboxes when Multi, one under the other.
type DeskChoices struct {
	Name, Label, Error string
	Options            []Choice
	Multi              bool
}

// Drawer is the case beside the list; use it with In.
type Drawer struct {
	Label string
	Title string
	// Number is the case number.
	Number string
	Tag    Tag
	Due    Due
	// Body and Foot are drawn inside: the facts, and the buttons below a line. A block adds to Body.
	Body templ.Component
	Foot templ.Component
}

// KeyValues are facts in a Drawer or a Panel.
type KeyValues struct{ Rows []Row }

// Split puts a list and a drawer side by side.
type Split struct {
	List   templ.Component
	Drawer templ.Component
}

// Pointer names the question of a preview that is being worked on; without Ask there is none.
type Pointer struct {
	Ask  string
	Says string // in the corner of its mark
}

// Pointed marks a part of a preview as what is being worked on.
type Pointed struct {
	Pointer
	At templ.Component
}
