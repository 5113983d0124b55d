// Package wording holds the words that people read, one key to one sentence, in Chinese (zh) and English (en).
//
// The words lie in zh/*.yaml and en/*.yaml beside this file: flat "key: sentence" pairs, one file per part of the
// house, read once on first use. A value goes where {} stands, in order, or where {0}, {1} … stand when a language
// turns the order round. Both languages hold the same keys and each key is used somewhere: tests see to it. Wording
// of services is not here but in their definitions.
package wording

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"zhijian/ground/fault"
	"zhijian/ui/scene"
)

//go:embed zh/*.yaml en/*.yaml
var files embed.FS

var books = sync.OnceValues(load)

// Chinese and English are the languages there are.
const (
	Chinese = "zh"
	English = "en"
)

// load reads both catalogues; a key that is given twice is an error.
func load() (map[string]map[string]string, error) {
	all := map[string]map[string]string{}
	for _, lang := range []string{Chinese, English} {
		all[lang] = map[string]string{}
		names, err := fs.Glob(files, lang+"/*.yaml")
		if err != nil {
			return nil, fmt.Errorf("wording: %w", err)
		}
		for _, name := range names {
			raw, err := files.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("wording: %w", err)
			}
			var page map[string]string
			if err := yaml.Unmarshal(raw, &page); err != nil {
				return nil, fmt.Errorf("wording: %s: %w", name, err)
			}
			for key, text := range page {
				if _, twice := all[lang][key]; twice {
					return nil, fmt.Errorf("wording: %s: %s is given twice", name, key)
				}
				all[lang][key] = text
			}
		}
	}
	return all, nil
}

// Check reads the catalogues and reports the first thing wrong with the files, or nil. The server calls it at start.
func Check() error {
	_, err := books()
	return err
}

// Has reports whether a language holds a key.
func Has(lang, key string) bool {
	all, err := books()
	if err != nil {
		return false
	}
	_, ok := all[lang][key]
	return ok
}

// Keys gives all keys of a language, sorted.
func Keys(lang string) []string {
	all, err := books()
	if err != nil {
		return nil
	}
	list := make([]string, 0, len(all[lang]))
	for key := range all[lang] {
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}

// T gives the sentence of a key in a language ("en"; anything else is Chinese) with its values filled in. A missing
// key gives the key itself in ⟨⟩, so that it is seen; a test fails on every key that the code names and a catalogue lacks.
func T(lang, key string, args ...any) string {
	if lang != English {
		lang = Chinese
	}
	all, err := books()
	if err != nil {
		return "⟨" + key + "⟩"
	}
	text, ok := all[lang][key]
	if !ok {
		return "⟨" + key + "⟩"
	}
	return Fill(text, args...)
}

// In is T in the language of a page's context.
func In(ctx context.Context, key string, args ...any) string {
	return T(scene.Lang(ctx), key, args...)
}

// Fill puts values into a sentence: {} in order, {0} by number. A value too few leaves its braces.
func Fill(text string, args ...any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	next := 0
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			break
		}
		b.WriteString(text[:open])
		name, n := text[open+1:open+end], -1
		if name == "" {
			n, next = next, next+1
		} else if v, err := strconv.Atoi(name); err == nil {
			n = v
		}
		if n >= 0 && n < len(args) {
			fmt.Fprint(&b, args[n])
		} else {
			b.WriteString(text[open : open+end+1])
		}
		text = text[open+end+1:]
	}
	b.WriteString(text)
	return b.String()
}

// Fault gives the sentence of a fault for people: the Chinese one it carries, or for English the catalogue's
// "fault.<code>", for a used-up budget the one of its wait, else a general English sentence of its kind. nil is an internal
// error.
func Fault(lang string, e *fault.Error) string {
	if e == nil {
		e = &fault.Error{Kind: fault.KindInternal}
	}
	if lang != English {
		if e.Public != "" {
			return e.Public
		}
		return T(Chinese, "fault.kind."+string(e.Kind))
	}
	for _, key := range []string{"fault." + e.Code, spent(e)} {
		if !Has(English, key) {
			continue
		}
		// A sentence that is all value, such as a service's own, may be missing in English.
		if text := T(English, key, e.Args...); strings.TrimSpace(text) != "" {
			return text
		}
	}
	return T(English, "fault.kind."+string(e.Kind))
}

// spent gives the key of a used-up budget, "" for any other fault. A budget's name says nothing to people; what counts
// is whether the wait is given in minutes or lasts until tomorrow.
func spent(e *fault.Error) string {
	switch {
	case !strings.HasPrefix(e.Code, "budget."):
		return ""
	case len(e.Args) == 0:
		return "fault.budget.day"
	case e.Args[0] == 1:
		return "fault.budget.minute"
	}
	return "fault.budget.minutes"
}
