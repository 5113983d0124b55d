package component

// Empty is a fact, a help and a button where there is nothing to list.
type Empty struct {
	Title  string
	Text   string
	Button Button
}

// Loading says who is being asked and how long it takes. The page reloads itself: by script through Wait, without
// script by the layout's Refresh.
type Loading struct {
	Title string
	Text  string
	// Wait is the path to ask again at; empty leaves the polling out.
	Wait string
	// Lines draws grey lines where the answer will stand.
	Lines bool
}

// Offline is the strip at the top that tells the age of what is shown.
type Offline struct{ Text string }

// FailureCard says what failed, that it is not the resident's fault, what is kept, and the number to quote.
type FailureCard struct {
	Title string
	Text  string
	Retry Button
	// Notify is the second button; without a text it is left out.
	Notify Button
	// Number is the error number for 12345.
	Number string
	// Heading makes the title the page's h1.
	Heading bool
}

// Flash is a message after a redirect, the first thing in main; without a text it draws nothing.
type Flash struct {
	Text string
	Tone Tone // OK when Plain
}

// DemoLine is the quiet line of demo pages. The layout draws it when Demo is set.
type DemoLine struct{}

// Foot is the end of a page: the demo line and the other language.
type Foot struct {
	Demo bool
	// Other is the same page in the other language; empty leaves the link out.
	Other string
}
