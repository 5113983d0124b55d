package console

import (
	"net/http"

	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/layout"
	"zhijian/ui/wording"
)

func (c *Console) signInPage(w http.ResponseWriter, r *door.Request) error {
	return c.drawSignIn(w, r, http.StatusOK, "")
}

func (c *Console) drawSignIn(w http.ResponseWriter, r *door.Request, status int, problem string) error {
	title := word(r, "desk.sign_in")
	d := layout.Desk{Lang: r.Lang, Title: title, Theme: r.Theme, Demo: c.c.Demo, Assets: c.c.Assets, Token: r.Token(w)}
	return render(w, r, status, d.Door(), signInForm(title, r.Value("user"), problem))
}

// signIn opens a session. A wrong name, password or code gives one and the same answer.
func (c *Console) signIn(w http.ResponseWriter, r *door.Request) error {
	token, _, err := c.c.Staff.SignIn(r.Context(), r.Value("user"), r.Value("password"), r.Value("totp"), r.ClientBlock())
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindInvalid || f.Kind == fault.KindDenied) {
		return c.drawSignIn(w, r, http.StatusUnprocessableEntity, wording.Fault(r.Lang, f))
	}
	if err != nil {
		return err
	}
	if err := c.c.Staff.Leave(r.Context(), r.StaffToken()); err != nil {
		return err
	}
	r.SignInStaff(w, token)
	return r.See(w, "/console")
}

func (c *Console) signOut(w http.ResponseWriter, r *door.Request) error {
	if err := c.c.Staff.SignOut(r.Context(), r.Actor); err != nil {
		return err
	}
	r.SignOutStaff(w)
	return r.See(w, "/console/login")
}

// face says that something could not be done, in the console's look.
type face struct{ c *Console }

// Trouble leads to sign-in where that is what is missing.
func (f face) Trouble(w http.ResponseWriter, r *door.Request, t door.Trouble) {
	if t.Fault.Code == door.CodeStaff {
		w.Header().Set("Location", "/console/login")
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	d := layout.Desk{Lang: r.Lang, Title: word(r, "desk.trouble"), Theme: r.Theme, Demo: f.c.c.Demo, Assets: f.c.c.Assets, Token: r.Token(w)}
	if err := render(w, r, t.Status, d.Door(), trouble(word(r, "desk.trouble"), wording.Fault(r.Lang, t.Fault), t.ID)); err != nil {
		http.Error(w, t.Fault.Public, t.Status)
	}
}
