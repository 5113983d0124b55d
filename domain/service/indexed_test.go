package service_test

import (
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"zhijian/domain/service"
)

// shelf is the project's catalogue in memory, with an index that was just made of it.
func shelf(t *testing.T) fstest.MapFS {
	t.Helper()
	disk := os.DirFS("../../catalog")
	out := fstest.MapFS{}
	for _, dir := range []string{"kinds", "services", "cities", "bases", "regions", "sectors"} {
		if err := fs.WalkDir(disk, dir, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			src, err := fs.ReadFile(disk, name)
			out[name] = &fstest.MapFile{Data: src}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	index, problems := service.Index(out)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	out[service.IndexFile] = &fstest.MapFile{Data: index}
	return out
}

func opened(t *testing.T, fsys fs.FS) *service.Catalogue {
	t.Helper()
	c, problems := service.OpenCatalogue(fsys)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

// What is done first with a definition of which only the head was read comes out as it does with one that was read at once.
func TestHeadsRunLikeWhole(t *testing.T) {
	fsys := shelf(t)
	eager, problems := service.LoadCatalogue(fsys)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	offer, _ := eager.Offer("330100", "traffic-fine-payment")
	r := ride(t, offer.Definition, offer, "")
	r.answer("plate", "浙A8K267")
	s, env := r.s, r.env
	uses := map[string]func(d *service.Definition) any{
		"start": func(d *service.Definition) any { s, e, err := d.Start(env); return []any{s, e, err} },
		"apply": func(d *service.Definition) any {
			s, e, err := d.Apply(s, service.Answer{Step: "plate", Values: map[string][]string{"plate": {"浙A8K267"}}}, env)
			return []any{s, e, err}
		},
		"pending": func(d *service.Definition) any { return d.Pending(s, env) },
		"undo":    func(d *service.Definition) any { return d.Undo(s, env) },
		"files":   func(d *service.Definition) any { return []any{d.AsksFiles(), d.Files(s)} },
		"stand":   func(d *service.Definition) any { return d.Stand(s) },
		"ended":   func(d *service.Definition) any { return d.Stand(service.State{End: "done"}) },
		"summary": func(d *service.Definition) any { return d.Summary(s, env) },
		"awaits": func(d *service.Definition) any {
			known, over, now := d.Awaits(s, "done")
			return []any{known, over, now}
		},
		"filed": func(d *service.Definition) any { return d.Filed(s) },
		"brief": func(d *service.Definition) any { b, ok := d.Brief(s, env); return []any{b, ok} },
		"view":  func(d *service.Definition) any { return d.View(s, env) },
		"at":    func(d *service.Definition) any { v, ok := d.ViewAt(s, "plate", env); return []any{v, ok} },
		"slots": func(d *service.Definition) any { o, c, w, p, ok := d.SlotsCall(s, env); return []any{o, c, w, p, ok} },
		"tests": func(d *service.Definition) any {
			o := offer
			o.Definition = d
			return len(service.Stage{Offer: o, Now: noon, Office: sandboxed}.Run())
		},
	}
	for name, use := range uses {
		lazy, _ := opened(t, fsys).Offer("330100", "traffic-fine-payment")
		if got, want := use(lazy.Definition), use(offer.Definition); !reflect.DeepEqual(got, want) {
			t.Errorf("%s gives %v, of a definition read at once %v", name, got, want)
		}
	}
}

// sandboxed is an office that is never there.
func sandboxed(time.Time, string, string, string, map[string]any) (map[string]any, error) {
	return nil, fs.ErrClosed
}

// Heads, offers and what a pack must bind are the same, whichever way the catalogue is read.
func TestHeadsAreWhatWasChecked(t *testing.T) {
	fsys := shelf(t)
	eager, _ := service.LoadCatalogue(fsys)
	lazy := opened(t, fsys)
	for _, city := range eager.Cities() {
		was, is := eager.Offers(city), lazy.Offers(city)
		if len(was) != len(is) || len(was) == 0 {
			t.Fatalf("%s offers %d services, %d with heads only", city, len(was), len(is))
		}
		for i := range was {
			a, b := was[i], is[i]
			if got, want := exported(b.Definition), exported(a.Definition); !reflect.DeepEqual(got, want) {
				t.Errorf("%s %s has head %v, want %v", city, a.Definition.ID, got, want)
			}
			if (a.Places == nil) != (b.Places == nil) || !reflect.DeepEqual(a.Offices, b.Offices) || a.Account != b.Account || a.Department != b.Department {
				t.Errorf("%s %s is bound otherwise when only its head was read", city, a.Definition.ID)
			}
		}
	}
}

func exported(d *service.Definition) []any {
	v := reflect.ValueOf(*d)
	var out []any
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			out = append(out, v.Field(i).Interface())
		}
	}
	return out
}

// A file that is not what the index was made of is read and checked at once.
func TestIndexVouchesForBytes(t *testing.T) {
	fsys := shelf(t)
	const name = "services/weather-forecast.yaml"
	good := fsys[name].Data
	fsys[name] = &fstest.MapFile{Data: append([]byte("# read again\n"), good...)}
	if _, ok := opened(t, fsys).Offer("330100", "weather-forecast"); !ok {
		t.Error("a definition with a new comment is not offered")
	}
	fsys[name] = &fstest.MapFile{Data: []byte(strings.Replace(string(good), "steps:", "stops:", 1))}
	if _, problems := service.OpenCatalogue(fsys); !slices.ContainsFunc(problems, func(p service.Problem) bool { return p.File == name }) {
		t.Errorf("a broken file behind the index gives %v", problems)
	}
	fsys[name] = &fstest.MapFile{Data: good}
	fsys[service.IndexFile] = &fstest.MapFile{Data: []byte("{")}
	if _, problems := service.OpenCatalogue(fsys); len(problems) != 1 || problems[0].File != service.IndexFile {
		t.Errorf("a broken index gives %v", problems)
	}
}

// Many residents may be the first at once.
func TestHeadIsReadOnce(t *testing.T) {
	offer, _ := opened(t, shelf(t)).Offer("330100", "weather-forecast")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, _, err := offer.Definition.Start(service.Env{Now: noon, Offer: offer, Me: service.Me{}}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
