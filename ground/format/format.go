// Package format reads what people type into one normal form, and masks it for showing.
//
// A reader folds first (full-width characters, letter case, spaces, dots, hyphens, +86) and
// checks then. It returns the normal form, or fault.Invalid with a sentence that says what is
// wrong and how to mend it; the sentence never repeats the input. A normal form reads back as
// itself. That a number is well formed never proves that it exists. Everything here is pure and
// safe for concurrent use. Sources: GB 11643, GB 32100, GB 11714, GA 36, GB 16735, ISO/IEC 7812,
// ICAO 9303; vectors in security.md part 7.
package format

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"zhijian/ground/fault"
)

// longest bounds the bytes of an input that are looked at; no format is nearly as long.
const longest = 400

// fold brings s to upper-case ASCII where it can, without spaces, invisible characters and the runes of drop.
func fold(s, drop string) string {
	if len(s) > longest {
		return strings.Repeat("?", longest)
	}
	return even(s, drop)
}

func even(s, drop string) string {
	s = strings.ToUpper(norm.NFKC.String(s))
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(drop, r) {
			return -1
		}
		return r
	}, s)
}

// Alike is what a text is found by: letters of one case and one width, without spaces and invisible characters, for nobody types one the
// same twice.
func Alike(s string) string { return even(s, "") }

// hyphens are the strokes that people and keyboards put between groups of digits.
const hyphens = "-‐‑‒–—―−"

// dots are the points that stand for the one on a number plate or in a name.
const dots = "·•‧∙⋅・.。"

// fits reports whether s has a shape: # is a digit, @ a letter, ? either; anything else is itself.
func fits(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch shape[i] {
		case '#':
			if !digit(c) {
				return false
			}
		case '@':
			if !letter(c) {
				return false
			}
		case '?':
			if !digit(c) && !letter(c) {
				return false
			}
		default:
			if c != shape[i] {
				return false
			}
		}
	}
	return true
}

func digit(c byte) bool  { return c >= '0' && c <= '9' }
func letter(c byte) bool { return c >= 'A' && c <= 'Z' }

func digits(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) {
			return false
		}
	}
	return true
}

func alnum(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) && !letter(s[i]) {
			return false
		}
	}
	return true
}

// ok gives the normal form unless there is a fault; it keeps a nil *fault.Error from becoming a non-nil error.
func ok(s string, f *fault.Error) (string, error) {
	if f != nil {
		return "", f
	}
	return s, nil
}
