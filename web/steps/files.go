package steps

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"zhijian/domain/service"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ground/scrub"
	"zhijian/ui/component"
	"zhijian/web/frame"
)

// asksFiles reports a page whose form brings files along.
func asksFiles(v service.View) bool {
	return slices.ContainsFunc(v.Fields, func(f service.Field) bool { return len(f.Accept) > 0 })
}

// attach takes the form of a page that asks for files. Every button sends the whole form: what is typed is kept, files that were chosen
// are uploaded; then "_remove" deletes one, "_go=upload" comes back to the page, and any other button answers the step.
func (s *Steps) attach(w http.ResponseWriter, r *door.Request) error {
	no, step := r.PathValue("no"), r.PathValue("step")
	before, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, step)
	switch {
	case err != nil:
		return err
	case before.Case.State.Ended():
		return r.See(w, casePath(no))
	case before.View.Kind == service.ViewProve:
		return s.prove(w, r, before)
	case before.View.Step != step || !asksFiles(before.View):
		return r.See(w, stepPath(no, before.View.Step))
	}
	values := r.Values()
	if err := s.c.Cases.SaveDraft(r.Context(), frame.Who(r), no, step, values); err != nil {
		return err
	}
	if id := r.Value("_remove"); id != "" {
		if err := s.c.Files.Discard(r.Context(), frame.Who(r), no, id); err != nil {
			return err
		}
		return r.See(w, stepPath(no, step))
	}
	wrong, err := s.uploaded(r, no, step, values)
	if err != nil {
		return err
	}
	if wrong != nil {
		shown, err := s.c.Cases.Show(r.Context(), frame.Who(r), no, step)
		if err != nil {
			return err
		}
		return s.mend(w, r, shown, wrong)
	}
	if r.Value("_go") == "upload" {
		return r.See(w, stepPath(no, step))
	}
	return s.take(w, r, before, values)
}

// uploaded keeps the files of the form and adds their ids to its values. wrong says what is wrong with the first bad one of each answer.
func (s *Steps) uploaded(r *door.Request, no, step string, values map[string][]string) (wrong, err error) {
	var list []*fault.Error
	for _, u := range r.Uploads() {
		f, err := s.c.Files.Upload(r.Context(), frame.Who(r), no, step, u.Field, u.Name, u.Body)
		bad := fault.Of(err)
		switch {
		case err == nil:
			values[u.Field] = append(values[u.Field], f.ID)
		case bad == nil || bad.Kind != fault.KindInvalid:
			return nil, err
		case !slices.ContainsFunc(list, func(x *fault.Error) bool { return x.Field == u.Field }):
			list = append(list, bad.On(u.Field))
		}
	}
	return fault.Join(list...), nil
}

// file gives a file to the resident who uploaded it.
func (s *Steps) file(w http.ResponseWriter, r *door.Request) error {
	f, body, err := s.c.Files.Download(r.Context(), frame.Who(r), r.PathValue("no"), r.PathValue("id"))
	if err != nil {
		return err
	}
	return door.ServeFile(w, f.Name, f.Kind, body)
}

// upload draws a question for files: what may be sent is said before anything is chosen.
func (s *Steps) upload(r *door.Request, no string, f service.Field, heading bool) templ.Component {
	kinds, accept := "steps.file.both", []string{}
	for _, k := range f.Accept {
		accept = append(accept, k.MediaType())
	}
	photo, document := slices.Contains(f.Accept, scrub.JPEG), slices.Contains(f.Accept, scrub.PDF)
	switch {
	case !document:
		kinds = "steps.file.photo"
	case !photo:
		kinds = "steps.file.pdf"
	}
	c := component.Upload{
		Name: f.Name, Label: f.Label, Error: f.Error, Optional: f.Optional, Heading: heading, Accept: strings.Join(accept, ","), Multiple: f.Max > 1,
		Hint:  joined(sentence(r, f.Hint), s.f.T(r, kinds, f.Max, service.Megabytes(f.MaxSize))),
		Files: filesOf(no, f.Files),
	}
	if len(f.Files) >= f.Max {
		c.Full = s.f.T(r, "steps.file.full", len(f.Files))
	}
	return c
}

// sentence ends a hint with a full stop, so that another can follow.
func sentence(r *door.Request, hint string) string {
	if hint == "" || strings.HasSuffix(hint, "。") || strings.HasSuffix(hint, ".") {
		return hint
	}
	if r.Lang == "en" {
		return hint + "."
	}
	return hint + "。"
}

// filesOf draws files for whoever uploaded them.
func filesOf(no string, list []service.File) []component.UploadedFile {
	var out []component.UploadedFile
	for _, f := range list {
		out = append(out, component.UploadedFile{
			Name: f.Name, Size: service.Megabytes(f.Size), ID: f.ID, Href: casePath(no) + "/files/" + f.ID, Picture: f.Kind.Photo(),
		})
	}
	return out
}
