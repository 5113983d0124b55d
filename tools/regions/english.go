package main

import (
	"strings"
	"unicode"
)

// englishName is the name in english.csv, or the pinyin written as a name, for counties with the word for their kind.
// Pinyin of a place named in Mongolian, Tibetan, Uyghur or another language is not its official romanisation.
func (s *sources) englishName(d *division) (string, error) {
	if en := s.english[d.code]; en != "" {
		return en, nil
	}
	if d.level != "county" {
		return properName(d.syllables), nil
	}
	kind := map[string]string{
		"市辖区": "District", "县": "County", "县级市": "City", "旗": "Banner", "自治县": "Autonomous County", "自治旗": "Autonomous Banner",
		"林区": "Forestry District", "特区": "Special District", "群岛": "Islands",
	}[d.kind]
	text := stem(d.name)
	if d.kind == "旗" {
		text = strings.TrimSuffix(text, d.kind)
	}
	name, err := s.spellPlace(text)
	return properName(name) + " " + kind, err
}

// properName writes syllables as one word: rui an → Rui'an, lv liang → Lüliang.
func properName(syllables []string) string {
	var b strings.Builder
	for i, syl := range syllables {
		if i > 0 && strings.ContainsRune("aeo", rune(syl[0])) {
			b.WriteByte('\'')
		}
		b.WriteString(strings.NewReplacer("lv", "lü", "nv", "nü").Replace(syl))
	}
	name := []rune(b.String())
	name[0] = unicode.ToUpper(name[0])
	return string(name)
}
