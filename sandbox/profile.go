package sandbox

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// profileFiles hold the imitation offices that are told as data; profiles/README.md says how.
//
//go:embed profiles/*.yaml
var profileFiles embed.FS

// profile is one office told as data: what it is called, how it numbers people, its tables, and
// how each of its calls finds an answer.
type profile struct {
	Title  string
	About  string
	Number *numbering
	Tables map[string][]map[string]any
	Calls  map[string]recipe
}

// recipe is how one call is answered: exactly one member is set.
type recipe struct {
	Register *register
	Feed     *feed
	Queue    *queue
	Progress *progress
	Carriage *carriage
	Lottery  *lottery
	Stops    *stops
	Arrivals *arrivals
	Route    *route
	Tides    *tides
	Layer    *layer
	Grid     *grid
}

// trade is the sort of work an office does: each answers a question from a profile's data.
type trade interface {
	// takes and gives describe the call on the office's page.
	takes() string
	gives() string
	answer(b *bureau, call string, in question) (data, error)
}

func (r recipe) trade() (trade, error) {
	var out []trade
	for _, t := range []struct {
		set bool
		is  trade
	}{
		{r.Register != nil, r.Register},
		{r.Feed != nil, r.Feed},
		{r.Queue != nil, r.Queue},
		{r.Progress != nil, r.Progress},
		{r.Carriage != nil, r.Carriage},
		{r.Lottery != nil, r.Lottery},
		{r.Stops != nil, r.Stops},
		{r.Arrivals != nil, r.Arrivals},
		{r.Route != nil, r.Route},
		{r.Tides != nil, r.Tides},
		{r.Layer != nil, r.Layer},
		{r.Grid != nil, r.Grid},
	} {
		if t.set {
			out = append(out, t.is)
		}
	}
	if len(out) != 1 {
		return nil, fmt.Errorf("a call has exactly one trade, not %d", len(out))
	}
	return out[0], nil
}

// readProfiles reads the profiles of every shelf. A name is given once in all of them.
func readProfiles(shelves ...fs.FS) (map[string]*profile, error) {
	out := map[string]*profile{}
	for _, shelf := range shelves {
		files, err := fs.Glob(shelf, "profiles/*.yaml")
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			var some map[string]*profile
			if err := readYAML(shelf, name, &some); err != nil {
				return nil, err
			}
			for office, p := range some {
				if out[office] != nil || p == nil {
					return nil, fmt.Errorf("%s: the office %q is given twice, or is empty", name, office)
				}
				out[office] = p
			}
		}
	}
	return out, nil
}

// goType is how the reader of YAML names what a key is no member of.
var goType = regexp.MustCompile(`field (\S+) not found in type \S+`)

// readYAML reads a file in which every key must be known.
func readYAML(fsys fs.FS, name string, into any) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %s", name, goType.ReplaceAllString(err.Error(), "the key $1 is not known here"))
	}
	return nil
}

// bureau is an office at work on a profile.
type bureau struct {
	*profile
	name  string
	seed  int64
	began time.Time // midnight in Shanghai of the day the world began
	folk  *folk
	peer  func(name string) *office // the other offices of the world; nil for one that is not there
}

// folk finds a person by what is known of them.
type folk struct {
	people []Person
	index  map[string]int // by citizen number and by phone
}

func newFolk(people []Person) *folk {
	f := &folk{people: people, index: make(map[string]int, 2*len(people))}
	for i, p := range people {
		f.index[p.CitizenNumber], f.index[p.Phone] = i, i
	}
	return f
}

// who gives the person of a citizen number or a phone number, and -1 when nobody has it.
func (f *folk) who(number string) int {
	if i, ok := f.index[number]; ok {
		return i
	}
	if i, ok := f.index[plainPhone(number)]; ok {
		return i
	}
	return nobody
}

const nobody = -1

// newBureaus makes an office of every profile, in the order of their names. like has what they share.
func newBureaus(shelves []fs.FS, like bureau) ([]*office, error) {
	all, err := readProfiles(shelves...)
	if err != nil {
		return nil, err
	}
	var out []*office
	for _, name := range slices.Sorted(maps.Keys(all)) {
		o, err := newBureau(name, all[name], like)
		if err != nil {
			return nil, fmt.Errorf("profile %s: %w", name, err)
		}
		out = append(out, o)
	}
	return out, nil
}

func newBureau(name string, p *profile, like bureau) (*office, error) {
	if p.Title == "" || len(p.Calls) == 0 {
		return nil, errors.New("it has no title or answers nothing")
	}
	b := &like
	b.profile, b.name = p, name
	o := &office{name: name, title: p.Title, about: p.About, calls: map[string]call{}, magic: commonMagic()}
	for word, r := range p.Calls {
		t, err := r.trade()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", word, err)
		}
		o.calls[word] = call{takes: t.takes(), gives: t.gives(), do: func(in question) (data, error) {
			return t.answer(b, word, in)
		}}
	}
	if p.Number != nil {
		o.shows = []string{"name", "phone"}
		o.number = p.Number.of
	}
	return o, nil
}

// commonMagic is what every office of a profile does with a number, and with two of the world's people.
func commonMagic() []magic {
	return []magic{
		{"编号末两位 00，或第 6 位居民本人", "查得到，但没有内容"},
		{"编号末两位 13，或第 5 位居民本人", "查询一直没有回应"},
		{"编号末两位 44", "部门拒绝，请到窗口"},
	}
}

// street serves the offices of profiles from one listener, each under its own name.
func street(offices []*office, gates map[string]*gate, people []Person, css http.HandlerFunc) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sandbox.css", css)
	for _, o := range offices {
		mux.Handle("/"+o.name+"/", http.StripPrefix("/"+o.name, gates[o.name].guard(o.handler(people))))
	}
	return mux
}
