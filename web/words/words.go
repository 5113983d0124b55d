// Package words holds what the residents' pages say, in Chinese and English, one key to one sentence.
//
// A part of the door that has sentences of its own keeps them in zh.yaml and en.yaml beside its code, in the form of
// ui/wording (flat "key: sentence", values at {}), and hands them to Open. Both languages must hold the same keys, but for
// "fault.<code>", which in Chinese the fault itself carries; no key may be given twice. Open refuses what does not fit.
// A Book never changes afterwards.
package words

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"zhijian/ground/fault"
	"zhijian/ui/wording"
)

//go:embed zh.yaml en.yaml
var own embed.FS

// Book is a set of sentences in both languages.
type Book struct{ of map[string]map[string]string }

// Open reads this package's own sentences and those of parts, each a file system with zh.yaml and en.yaml at its root.
func Open(parts ...fs.FS) (*Book, error) {
	b := &Book{of: map[string]map[string]string{wording.Chinese: {}, wording.English: {}}}
	for _, part := range append([]fs.FS{own}, parts...) {
		for lang, all := range b.of {
			if err := read(part, lang, all); err != nil {
				return nil, fmt.Errorf("words: %w", err)
			}
		}
	}
	zh, en := b.Keys(wording.Chinese), b.Keys(wording.English)
	for _, key := range zh {
		if !slices.Contains(en, key) {
			return nil, fmt.Errorf("words: %s is not in English", key)
		}
	}
	for _, key := range en {
		if !slices.Contains(zh, key) && !strings.HasPrefix(key, "fault.") {
			return nil, fmt.Errorf("words: %s is not in Chinese", key)
		}
	}
	return b, nil
}

func read(part fs.FS, lang string, all map[string]string) error {
	raw, err := fs.ReadFile(part, lang+".yaml")
	if err != nil {
		return err
	}
	var page map[string]string
	if err := yaml.Unmarshal(raw, &page); err != nil {
		return fmt.Errorf("%s.yaml: %w", lang, err)
	}
	for key, text := range page {
		if _, twice := all[key]; twice {
			return fmt.Errorf("%s.yaml: %s is given twice", lang, key)
		}
		all[key] = text
	}
	return nil
}

// Keys gives all keys of a language, sorted.
func (b *Book) Keys(lang string) []string { return slices.Sorted(maps.Keys(b.of[lang])) }

// Has reports whether the book holds a key.
func (b *Book) Has(key string) bool {
	_, ok := b.of[wording.Chinese][key]
	return ok
}

// T gives the sentence of a key in a language ("en"; anything else is Chinese) with its values filled in. A key that
// the book does not hold is looked for in ui/wording, which shows an unknown one in ⟨⟩.
func (b *Book) T(lang, key string, args ...any) string {
	if lang != wording.English {
		lang = wording.Chinese
	}
	if text, ok := b.of[lang][key]; ok {
		return wording.Fill(text, args...)
	}
	return wording.T(lang, key, args...)
}

// Fault gives the sentence of a fault for people: its own in Chinese, the book's "fault.<code>" in English, else the
// general one of its kind.
func (b *Book) Fault(lang string, f *fault.Error) string {
	if f != nil && lang == wording.English {
		if text, ok := b.of[wording.English]["fault."+f.Code]; ok {
			return wording.Fill(text, f.Args...)
		}
	}
	return wording.Fault(lang, f)
}
