package find

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"strings"

	"zhijian/ground/fault"
)

// Synonym is an everyday word and the official words it stands for.
type Synonym struct {
	Word     string
	Official []string // the first is the one to tell; a document that contains any of them is found by Word
	Say      bool     // the official form is worth telling (Heard)
	Lang     string   // "zh" or "en": the language of Word
}

// Synonyms is the table of everyday words.
type Synonyms []Synonym

const synonymFile = "synonyms/synonyms.csv"

// LoadSynonyms reads the folder synonyms of the catalogue. An error means that the data is damaged.
func LoadSynonyms(fsys fs.FS) (list Synonyms, err error) {
	defer fault.Wrap(&err, "load synonyms")
	f, err := fsys.Open(synonymFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = 4
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", synonymFile, err)
	}
	seen := map[string]bool{}
	for i, row := range rows {
		if i == 0 {
			continue
		}
		s := Synonym{Word: row[0], Official: strings.Split(row[1], ";"), Say: row[2] == "1", Lang: row[3]}
		if s.Word == "" || s.Official[0] == "" || (s.Lang != "zh" && s.Lang != "en") {
			return nil, fmt.Errorf("%s: row %d is not whole", synonymFile, i)
		}
		if seen[s.Word] {
			return nil, fmt.Errorf("%s: %s occurs twice", synonymFile, s.Word)
		}
		seen[s.Word] = true
		list = append(list, s)
	}
	return list, nil
}

// everyday finds the synonym that a query uses.
type everyday struct {
	zh      map[string]int32 // by word
	typed   map[string]int32 // by the letters that are typed for a Chinese word worth saying
	en      map[string]int32 // by word, without blanks
	longest int              // bytes of the longest Chinese word
}

func newEveryday(x *Index) everyday {
	v := everyday{zh: map[string]int32{}, typed: map[string]int32{}, en: map[string]int32{}}
	for i, syn := range x.synonyms {
		if syn.Lang == "en" {
			v.en[squeeze(syn.Word)] = int32(i)
			continue
		}
		v.zh[syn.Word] = int32(i)
		v.longest = max(v.longest, len(syn.Word))
		if syn.Say {
			var letters strings.Builder
			for _, syllable := range x.speller.Spell(nil, []rune(syn.Word)) {
				letters.WriteString(syllable.String())
			}
			v.typed[letters.String()] = int32(i)
		}
	}
	return v
}

// in gives the place of the longest Chinese word in text that is wanted, -1 for none.
func (v *everyday) in(text string, wanted func(int32) bool) int32 {
	best, found := 0, int32(-1)
	for i := range text {
		for n := min(v.longest, len(text)-i); n > best; n-- {
			if at, ok := v.zh[text[i:i+n]]; ok && wanted(at) {
				best, found = n, at
			}
		}
	}
	return found
}

// heard looks for the longest everyday word worth saying, written or typed out in pinyin, and for a hit that it led to.
func (x *Index) heard(s *scratch, ranked []ranking) *Heard {
	at := x.everyday.in(s.text, func(i int32) bool { return x.synonyms[i].Say })
	if typed, ok := x.everyday.typed[s.spelled]; ok && at < 0 && s.latin {
		at = typed
	}
	if at < 0 {
		return nil
	}
	word, official := x.synonyms[at].Word, x.synonyms[at].Official[0]
	if strings.Contains(s.text, official) {
		return nil
	}
	for _, r := range ranked {
		if x.contains(r.doc, official) {
			return &Heard{Word: word, Official: official}
		}
	}
	return nil
}

// contains reports whether the title or a keyword of a document has a phrase in it.
func (x *Index) contains(doc int32, phrase string) bool {
	for i := x.first[doc]; i < x.first[doc+1]; i++ {
		if e := &x.entries[i]; e.synonym < 0 && e.field != subField && strings.Contains(x.textOf(int(i)), phrase) {
			return true
		}
	}
	return false
}
