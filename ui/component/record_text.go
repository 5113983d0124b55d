package component

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
)

func changeable(rows []Row) bool {
	return slices.ContainsFunc(rows, func(r Row) bool { return r.Change != "" })
}

// wideKeys says that a record's keys need more than the usual three characters.
func wideKeys(rows []Row) bool {
	return slices.ContainsFunc(rows, func(r Row) bool { return utf8.RuneCountInString(r.Key) > 3 })
}

func amounts(r RecordCard) templ.Attributes {
	if r.NoAmount {
		return templ.Attributes{}
	}
	a := templ.Attributes{"data-fen": strconv.FormatInt(r.Amount, 10)}
	if r.Points > 0 {
		a["data-points"] = strconv.Itoa(r.Points)
	}
	return a
}

func noteTone(t Tone) string {
	switch t {
	case OK, Warn, Danger:
		return string(t)
	}
	return ""
}

func noteIcon(t Tone) string {
	switch t {
	case OK:
		return "circle-check"
	case Warn, Danger:
		return "triangle-alert"
	}
	return "info"
}

// ringDash draws the part of the promise that is left; the circle is 276.5 long. Overdue draws it whole.
func ringDash(p Ring) string {
	const whole = 276.5
	part := whole
	if p.Left >= 0 && p.Of > 0 {
		part = whole * min(1, float64(p.Left)/float64(p.Of))
	}
	return fmt.Sprintf("%.1f %.1f", part, whole)
}

func ringSentence(ctx context.Context, p Ring) string {
	switch {
	case p.Left < 0:
		return word(ctx, "ring.say.late", p.Of, -p.Left)
	case p.Stopped:
		return word(ctx, "ring.say.stopped", p.Of, p.Left)
	}
	return word(ctx, "ring.say", p.Of, p.Of-p.Left, p.Left)
}

type face struct{ key, mouth string }

// faces are the five national levels, best first; they differ by the mouth alone, never by colour.
func faces() []face {
	return []face{
		{"rating.5", "M10.5 18.5c1.2 3.2 3.2 4.6 5.5 4.6s4.3-1.4 5.5-4.6z"},
		{"rating.4", "M11 19c1.3 2 3 3 5 3s3.7-1 5-3"},
		{"rating.3", "M11.5 20.5h9"},
		{"rating.2", "M11.5 22c1.3-1.5 2.8-2.2 4.5-2.2s3.2.7 4.5 2.2"},
		{"rating.1", "M11 23.5c1.2-2.8 2.9-4 5-4s3.8 1.2 5 4"},
	}
}

// split cuts a word where it may break, at "|".
func split(text string) []string { return strings.Split(text, "|") }
