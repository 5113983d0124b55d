package component

import "github.com/a-h/templ"

func deskButtonClass(p DeskButton) string {
	short := map[Tone]string{Line: "2", Quiet: "q", Danger: "d"}
	return class("cs-btn", "cs-btn--", short[p.Tone])
}

func deskButtonAttributes(p DeskButton) templ.Attributes {
	a := templ.Attributes{}
	for name, value := range map[string]string{"name": p.Name, "value": p.Value, "formaction": p.Action, "form": p.Form} {
		if value != "" {
			a[name] = value
		}
	}
	return a
}

// hot is the class ending of a tone in the consoles.
func hot(t Tone) string {
	switch t {
	case Danger:
		return "hot"
	case Warn:
		return "warn"
	}
	return ""
}
