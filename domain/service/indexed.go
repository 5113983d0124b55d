package service

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
)

// Reading 101 definitions takes longer than everything else a start does, and a start needs only their heads. So the catalogue has an
// index of heads, made when all definitions were checked; a definition that is to the byte the one that was checked is read when somebody
// first uses it. One that the index does not know, or knows otherwise, is read and checked at once.

// IndexFile is where the index lies in a catalogue.
const IndexFile = "services/index.json"

// indexed is one definition in the index.
type indexed struct {
	Sum   string      `json:"sum"` // SHA-256 of the file, hexadecimal
	Head  *Definition `json:"head"`
	Wants wants       `json:"wants"`
}

// inside is what runs: answers, steps, and what expressions may read.
type inside struct {
	answers []*answer
	steps   []*step
	index   map[string]int   // step id → position
	names   map[string]known // what expressions may read
	tests   []rehearsal
	correct *correctDef // nil: what was sent stands
	appeal  *appealDef  // nil: no decision can be appealed against
	amend   *amendDef   // nil: a finished result stands
	recall  *recallDef  // nil: what was filed cannot be taken back
	check   *Precheck   // nil for none
}

// body is the inside and how it is come by.
type body struct {
	inside

	once sync.Once
	read func() *Definition // reads what the index vouches for; nil when it was read at once
}

// whole reads the rest of a definition of which only the head was read. Everything that looks at steps or answers begins with it.
func (d *Definition) whole() {
	if d.read == nil {
		return
	}
	d.once.Do(func() { d.inside = d.read().inside })
}

// Index writes the index of the definitions in services/*.yaml: JSON, an object by file name. The same files give the same bytes.
// Problems are those of LoadCatalogue.
func Index(fsys fs.FS) ([]byte, []Problem) {
	c, problems := LoadCatalogue(fsys)
	if len(problems) > 0 {
		return nil, problems
	}
	out := make(map[string]indexed, len(c.pinned))
	for file, d := range c.files {
		src, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, []Problem{{File: file, Say: "The file cannot be read."}}
		}
		out[file] = indexed{Sum: sum(src), Head: d, Wants: d.wants}
	}
	var b strings.Builder
	b.WriteString("{")
	for i, file := range slices.Sorted(maps.Keys(out)) {
		line, err := json.Marshal(out[file])
		if err != nil {
			return nil, []Problem{{File: file, Say: err.Error()}}
		}
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n%q: %s", file, line)
	}
	b.WriteString("\n}\n")
	return []byte(b.String()), nil
}

func sum(src []byte) string {
	h := sha256.Sum256(src)
	return hex.EncodeToString(h[:])
}

// readIndex reads the index; an empty one where there is none.
func readIndex(fsys fs.FS) (map[string]indexed, []Problem) {
	src, err := fs.ReadFile(fsys, IndexFile)
	if err != nil {
		return nil, nil
	}
	var out map[string]indexed
	if err := json.Unmarshal(src, &out); err != nil {
		return nil, []Problem{{File: IndexFile, Say: "The index cannot be read; make it again, or delete it: " + err.Error() + "."}}
	}
	return out, nil
}

// later gives the definition of which e is the head. It runs as the one that was checked, for src is to the byte what was checked.
func (e indexed) later(base func() (*cel.Env, error), name string, src []byte) *Definition {
	d := e.Head
	d.wants = e.Wants
	d.body = &body{read: func() *Definition {
		env, err := base()
		if err != nil {
			panic(fmt.Sprintf("service: the environment of expressions, made when the index was: %v", err))
		}
		w, problems := load(env, name, src)
		if len(problems) > 0 {
			panic(fmt.Sprintf("service: %s was checked and does not load: %s", name, problems[0]))
		}
		return w
	}}
	return d
}
