// Package trial lets whoever has the link try out a service that is still being written.
//
// A case on trial is kept nowhere: where it stands goes to the browser, sealed, and comes back with the next answer. Nobody is asked, no
// money moves, no place is taken (service.Trial). Every page says so.
package trial

import (
	"context"
	"embed"
	"encoding/base64"
	"errors"
	"io/fs"
	"net/http"
	"sync"

	"zhijian/domain/draft"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ui/component"
	"zhijian/web/frame"
	"zhijian/web/steps"
)

//go:embed zh.yaml en.yaml
var sentences embed.FS

// Words are the sentences of the pages, for words.Open.
func Words() fs.FS { return sentences }

// Drafts finds what a link leads to; draft.Desk does.
type Drafts interface {
	OnTrial(ctx context.Context, trial string) (draft.Draft, error)
}

// Config is what the pages need. Every field is required.
type Config struct {
	Frame   *frame.Frame
	Regions *region.Tree
	Drafts  Drafts
	Ring    *seal.Ring
}

// Trial draws the pages. It is safe for concurrent use.
type Trial struct {
	c      Config
	f      *frame.Frame
	sketch *steps.Sketch

	mu   sync.Mutex
	read map[string]*service.Definition // by key of the link, of the text that was read last
	text map[string]string
}

// New checks the configuration.
func New(c Config) (*Trial, error) {
	if c.Frame == nil || c.Regions == nil || c.Drafts == nil || c.Ring == nil {
		return nil, errors.New("trial: Frame, Regions, Drafts or Ring is missing")
	}
	return &Trial{c: c, f: c.Frame, sketch: steps.NewSketch(c.Frame, c.Regions), read: map[string]*service.Definition{}, text: map[string]string{}}, nil
}

// Routes are the pages.
func (t *Trial) Routes() []door.Route {
	return []door.Route{
		{Method: http.MethodGet, Path: "/try/{key}", About: "begin to try out a service that is being written", Access: door.Public, Limit: door.Limit{Class: door.Searching}, Handler: t.begin},
		{Method: http.MethodPost, Path: "/try/{key}", About: "go on trying it out; nothing is kept", Access: door.Public, Limit: door.Limit{Class: door.Searching, Lists: []string{"*"}}, Handler: t.on},
	}
}

// trial finds the definition of a link.
func (t *Trial) trial(r *door.Request) (service.Trial, error) {
	key := r.PathValue("key")
	one, err := t.c.Drafts.OnTrial(r.Context(), key)
	if err != nil {
		return service.Trial{}, err
	}
	d, err := t.definition(key, one)
	if err != nil {
		return service.Trial{}, err
	}
	return d.Trial(one.City, r.Lang, t.f.Clock().Now()), nil
}

// mostRead bounds how many texts are kept read.
const mostRead = 32

// definition reads a text once as long as it stays the same: reading takes far longer than drawing.
func (t *Trial) definition(key string, one draft.Draft) (*service.Definition, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d := t.read[key]; d != nil && t.text[key] == one.Text {
		return d, nil
	}
	d, problems := service.Load(one.Service+".yaml", []byte(one.Text))
	if len(problems) > 0 {
		return nil, fault.Conflict("trial.problems", "这份草案还有要改的地方，改好再试")
	}
	if len(t.read) >= mostRead {
		clear(t.read)
		clear(t.text)
	}
	t.read[key], t.text[key] = d, one.Text
	return d, nil
}

func (t *Trial) begin(w http.ResponseWriter, r *door.Request) error {
	play, err := t.trial(r)
	if err != nil {
		return err
	}
	s, err := play.Start()
	if err != nil {
		return err
	}
	return t.show(w, r, http.StatusOK, play, s, nil)
}

func (t *Trial) on(w http.ResponseWriter, r *door.Request) error {
	play, err := t.trial(r)
	if err != nil {
		return err
	}
	s, err := t.open(r)
	if err != nil {
		return err
	}
	if s.End != "" {
		return r.See(w, "/try/"+r.PathValue("key"))
	}
	if r.Value("_do") == "on" {
		s, err = play.On(s)
	} else {
		s, err = play.Answer(s, r.Value("_step"), r.Values())
	}
	if fault.Is(err, fault.KindInvalid) {
		return t.show(w, r, http.StatusUnprocessableEntity, play, s, err)
	}
	if err != nil {
		return err
	}
	return t.show(w, r, http.StatusOK, play, s, nil)
}

func (t *Trial) show(w http.ResponseWriter, r *door.Request, status int, play service.Trial, s service.State, wrong error) error {
	state, err := t.sealed(r, s)
	if err != nil {
		return err
	}
	v := play.View(s)
	p := steps.Played{
		Action: "/try/" + r.PathValue("key"), Hidden: []component.Hidden{{Name: "_state", Value: state}}, Note: t.f.T(r, "trial.note"), On: t.f.T(r, "trial.on"),
	}
	if v.Kind == service.ViewResult {
		p.On = t.f.T(r, "trial.again")
	}
	page, content := t.sketch.Play(r, play.Offer(), v, p, wrong)
	page.Failed = wrong != nil
	return t.f.Render(w, r, status, page, content)
}

// purpose is what states are sealed for. Nothing sealed so is kept.
const purpose = "trial.state"

// sealed hides where the case stands from the page it lies in. It opens only under the same link.
func (t *Trial) sealed(r *door.Request, s service.State) (string, error) {
	plain, err := s.Encode()
	if err != nil {
		return "", err
	}
	b, err := t.c.Ring.Seal(purpose, r.PathValue("key"), string(plain))
	return base64.RawURLEncoding.EncodeToString([]byte(b)), err
}

func (t *Trial) open(r *door.Request) (service.State, error) {
	stale := fault.Conflict("trial.stale", "这次试办接不上了，请从头再试一次")
	b, err := base64.RawURLEncoding.DecodeString(r.Value("_state"))
	if err != nil {
		return service.State{}, stale
	}
	plain, err := t.c.Ring.Open(purpose, r.PathValue("key"), seal.Sealed(b))
	if err != nil {
		return service.State{}, stale
	}
	s, err := service.DecodeState([]byte(plain))
	if err != nil {
		return service.State{}, stale
	}
	return s, nil
}
