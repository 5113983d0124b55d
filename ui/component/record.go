package component

import "github.com/a-h/templ"

// SummaryList is a list of answers or facts in a card. With In, the block stands below the list in the same card.
type SummaryList struct {
	Rows []Row
	// TotalLabel and Total add a last line with an amount in fen; an empty label leaves it out.
	TotalLabel string
	Total      int64
}

// Row is one answer or fact.
type Row struct {
	Key   string
	Value string
	// Note is a small line under the value.
	Note string
	// Href is the page that Value leads to; empty for none.
	Href string
	// Body is drawn in place of Value.
	Body templ.Component
	// Change is the path where the answer can be changed; the link reads 更改 and, spoken, the key.
	Change string
	// Strong makes the value bold.
	Strong bool
}

// RecordList is fines or bills to choose from; each is one RecordCard.
type RecordList struct {
	Name  string
	Items []RecordCard
	// Single makes them radios.
	Single bool
	Error  string
	// Label names the group for screen readers.
	Label string
}

// RecordCard is one fine or bill. The way to object is as visible as the way to pay.
type RecordCard struct {
	Value string
	Title string
	// Amount is in fen; NoAmount leaves it out.
	Amount   int64
	NoAmount bool
	// Points go into the running summary.
	Points int
	On     bool
	// Fixed shows the record without an input.
	Fixed bool
	Rows  []Row
	Links []Anchor
}

// Note is one message with an icon; at most two per page, never for errors of fields.
type Note struct {
	Tone Tone // Plain (information), OK, Warn, Danger
	// Title is bold, over the text.
	Title string
	Text  string
	// Body is drawn after the text.
	Body templ.Component
	// Icon overrides the tone's.
	Icon string
}

// Inset is a quiet explanation with a line at its left; use it with In.
type Inset struct{ Title string }

// DonePanel says after an act what is now true; the title is the h1.
type DonePanel struct {
	Title string
	// Label and Number are the reference: 缴款编号, "3301 2605 …". Empty leaves them out.
	Label  string
	Number string
	Text   string
}

// NextList is 接下来: what happens, in order.
type NextList struct{ Items []string }

// Timeline is the course of a case.
type Timeline struct{ Items []Point }

// Point is one stage. State is "" (done), "now" or "todo".
type Point struct {
	Title string
	Sub   string
	// At is the moment for machines, in front of Sub; empty leaves it out.
	At    Moment
	State string
}

// Ring shows the days left of a promise. It is no percentage.
type Ring struct {
	// Of is the promised number of days, Left those that remain; below 0 it is overdue.
	Of   int
	Left int
	// Stopped says that the clock stands still, waiting for the resident.
	Stopped bool
}

// CaseHead is the card at the top of a case's page; the block holds its note and button.
type CaseHead struct {
	Tag   Tag
	Title string
	// Number is the case number, grouped; Unit is who deals with it.
	Number string
	Unit   string
	Ring   *Ring
}

// Rating is the five national levels as radios, values 5 (非常满意) to 1.
type Rating struct {
	Name string
	// Value is the chosen level, 0 for none.
	Value int
	// Legend is spoken; the page's heading says it visibly.
	Legend string
	Error  string
}
