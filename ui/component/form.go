package component

import (
	"time"

	"github.com/a-h/templ"
)

// Form is the page's form; use it with In. It posts, leaves checking to the server, and carries the token of the scene.
type Form struct {
	Action string
	ID     string
	// Key is the idempotency key, sent as _key; empty leaves it out.
	Key string
	// Draft is a path that takes the unfinished form while it is typed (a script); empty leaves it out.
	Draft string
	// Files is for uploads.
	Files  bool
	Hidden []Hidden
}

// StepMarker is "第 2 步，共 4 步 · 选要处理的". With more than 8 steps or none it draws nothing.
type StepMarker struct {
	At   int
	Of   int
	Name string
}

// Question is the h1 of a step that has several inputs.
type Question struct {
	Title string
	// Lead is a sentence under it.
	Lead string
}

// Kind is the sort of text an Input takes; it sets keyboard, autofill and type.
type Kind string

// The kinds of Input.
const (
	KindText     Kind = ""
	KindCode     Kind = "code"     // plate, engine number, certificate number
	KindTel      Kind = "tel"      // phone
	KindNumeric  Kind = "numeric"  // digits only: meter or account number
	KindMoney    Kind = "money"    // an amount in yuan
	KindID       Kind = "id"       // citizen number: letters because of X
	KindName     Kind = "name"     // a person's name
	KindCard     Kind = "card"     // bank card
	KindOTP      Kind = "otp"      // one-time code
	KindPassword Kind = "password" // staff only
	KindEmail    Kind = "email"
)

// Input is a field group with one text input: label, hint, error, control.
type Input struct {
	Name string
	// ID is the input's id; empty is Name. The error summary links to it.
	ID    string
	Label string
	Hint  string
	// Error is the sentence beside the field; it makes the group an error.
	Error string
	Value string
	Kind  Kind
	// Optional adds （可不填）.
	Optional bool
	// Heading makes the label the page's h1.
	Heading bool
	// Width is "" or about so many characters: "6", "4", "3".
	Width string
	// Max is the greatest number of characters the browser takes; 0 leaves it out.
	Max int
	// Unit stands after the input: 元.
	Unit string
	// Autocomplete overrides what Kind says.
	Autocomplete string
	// Placeholder is an example, never the label.
	Placeholder string
}

// TextArea is a field group with a longer text.
type TextArea struct {
	Name, ID, Label, Hint, Error, Value string
	Optional                            bool
	Heading                             bool
	// Max is the greatest number of characters; it is said under the field.
	Max int
}

// DateInput is three inputs, for dates one knows by heart. They are named DateNames(Name); the first has the id.
type DateInput struct {
	Name, Label, Hint, Error string
	Year, Month, Day         string
	Heading                  bool
	Optional                 bool
	// Birthday turns autofill on.
	Birthday bool
}

// DateNames gives the names of the three inputs of a date: "born" → "born.year", "born.month", "born.day".
func DateNames(name string) (year, month, day string) {
	return name + ".year", name + ".month", name + ".day"
}

// Select is a field group with a native select, for more than 7 options.
type Select struct {
	Name, ID, Label, Hint, Error string
	Options                      []Option
	Optional                     bool
	Heading                      bool
	// Empty is the text of the first, empty option; "" leaves that option out.
	Empty string
}

// Option is one entry of a Select.
type Option struct {
	Value, Text string
	On          bool
}

// Choices is a group of radios, or of checkboxes when Multi: at most 7, none chosen beforehand except a single safe
// default. The first input's id is Name.
type Choices struct {
	Name, Label, Hint, Error string
	Options                  []Choice
	Multi                    bool
	// Heading makes the label the page's h1.
	Heading bool
	// Quiet is for a label that the page says above the list: it is there for those who listen.
	Quiet bool
	// Plain draws them without boxes, inside one card.
	Plain    bool
	Optional bool
}

// Choice is one option; the whole row can be pressed.
type Choice struct {
	Value string
	Title string
	Sub   string
	On    bool
	// Plate is drawn in place of the title when set; EV makes it green.
	Plate string
	EV    bool
	// Tag stands at the right of the first line.
	Tag Tag
	// Disabled needs its reason in Sub.
	Disabled bool
}

// Checkbox is one box on its own. Consent uses it.
type Checkbox struct {
	Name, ID, Value, Text, Error string
	On                           bool
}

// Consent is one unticked box per purpose; Sensitive adds that the data is sensitive personal information.
type Consent struct {
	Name string
	// Text begins with 我同意 and names purpose and data.
	Text      string
	Sensitive bool
	On        bool
	Error     string
	// Body explains how the data is used, in an inset above the box.
	Body templ.Component
}

// OTP is the input for a one-time code: one input, autofilled, with ways to get another code.
type OTP struct {
	Name  string
	Label string
	// SentTo is the masked number.
	SentTo string
	Error  string
	// Length of the code, 6 when 0.
	Length int
	// Resend is the path that the button 重发 posts the form to; empty leaves it out. Wait is shown in its stead
	// while a new code may not yet be asked for.
	Resend string
	Wait   time.Duration
	// Voice is the path for a code by telephone; empty leaves it out.
	Voice string
}

// Upload is a file input with the files that were sent already. It stands in a Form with Files. What is chosen goes with the form, whichever
// button is pressed; the button named "_go" with value "upload" sends it and comes back. A script sends each file as soon as it is
// chosen, photos made smaller first.
type Upload struct {
	Name, Label, Hint, Error string
	// Accept is a list for the browser, "image/jpeg,application/pdf".
	Accept   string
	Multiple bool
	Files    []UploadedFile
	Optional bool
	// Heading makes the label the page's h1.
	Heading bool
	// Full is said in place of the input when no further file fits; empty while one does.
	Full string
}

// UploadedFile is a file the server has.
type UploadedFile struct {
	Name, Size string
	// ID is sent with the form under the input's name, and by the button named "_remove".
	ID string
	// Href is where its owner opens it, Picture whether it can be shown as it is.
	Href    string
	Picture bool
}

// ErrorSummary is the first thing in main when inputs need mending; it draws nothing when there are none.
type ErrorSummary struct{ Problems []Problem }

// Problem is one sentence and the id of the input it is about; an empty id makes it plain text.
type Problem struct{ ID, Text string }

// Place is the button that asks the telephone where it is; hidden without script. Path gets lat and lng.
type Place struct{ Path string }
