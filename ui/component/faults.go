package component

import (
	"zhijian/ground/fault"
	"zhijian/ui/wording"
)

// Faults are the sentences about a form that was refused: one beside each field, and all in the summary, word for
// word the same (R3.3). The zero value has none.
type Faults struct{ list []Problem }

// FaultsOf reads a refused form's fault, with all that is joined to it; nil and an error that is no fault give none.
func FaultsOf(lang string, err error) Faults {
	e := fault.Of(err)
	if e == nil {
		return Faults{}
	}
	var f Faults
	for _, one := range e.All() {
		f.list = append(f.list, Problem{ID: one.Field, Text: wording.Fault(lang, one)})
	}
	return f
}

// On is the sentence for a field, or "".
func (f Faults) On(field string) string {
	for _, p := range f.list {
		if p.ID == field && field != "" {
			return p.Text
		}
	}
	return ""
}

// Any reports whether there is anything to mend.
func (f Faults) Any() bool { return len(f.list) > 0 }

// Summary is the error summary, the first thing in main.
func (f Faults) Summary() ErrorSummary { return ErrorSummary{Problems: f.list} }
