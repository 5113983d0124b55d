package console

import (
	"encoding/base64"
	"net"
	"net/http"
	"net/netip"
	"net/url"

	"github.com/skip2/go-qrcode"

	"zhijian/domain/staff"
	"zhijian/door"
	"zhijian/ground/fault"
	"zhijian/ui/component"
	"zhijian/ui/layout"
	"zhijian/ui/wording"
)

// setupPage is the form for the first operator. The page and its link are for this machine alone: the house prints the
// link to its terminal (security.md T79).
type setupPage struct {
	form     component.Form
	secret   string
	picture  string // data URL of the secret as a QR code
	user     component.DeskInput
	name     component.DeskInput
	password component.DeskInput
	code     component.DeskInput
}

func (c *Console) setupPage(w http.ResponseWriter, r *door.Request) error {
	return c.drawSetup(w, r, http.StatusOK, r.Query("token"), nil)
}

// setUp enrols the first operator. What is wrong is said beside its input, and the link goes on working.
func (c *Console) setUp(w http.ResponseWriter, r *door.Request) error {
	if !here(r) {
		return elsewhere()
	}
	e := staff.Enrolment{User: r.Value("user"), Name: r.Value("name"), Password: r.Value("password")}
	_, err := c.c.Staff.SetUp(r.Context(), r.Value("token"), e, r.Value("totp"))
	if fault.Is(err, fault.KindInvalid) {
		return c.drawSetup(w, r, http.StatusUnprocessableEntity, r.Value("token"), fault.Of(err))
	}
	if err != nil {
		return err
	}
	title := word(r, "desk.setup_done")
	return render(w, r, http.StatusOK, c.outside(w, r, title).Door(), setUpDone(title, c.c.Origin+"/console/login"))
}

func (c *Console) drawSetup(w http.ResponseWriter, r *door.Request, status int, token string, wrong *fault.Error) error {
	if !here(r) {
		return elsewhere()
	}
	secret, err := c.c.Staff.Setup(r.Context(), token)
	if err != nil {
		return err
	}
	picture, err := qrcode.Encode("otpauth://totp/Zhijian?"+url.Values{"secret": {secret}, "issuer": {"Zhijian"}}.Encode(), qrcode.Medium, 220)
	if err != nil {
		return err
	}
	beside := func(name string) string {
		if wrong == nil {
			return ""
		}
		for _, f := range wrong.All() {
			if f.Field == name {
				return wording.Fault(r.Lang, f)
			}
		}
		return ""
	}
	p := setupPage{
		form:   component.Form{Action: "/console/setup", Hidden: []component.Hidden{{Name: "token", Value: token}}},
		secret: secret, picture: "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture),
		user:     component.DeskInput{Name: "user", Label: word(r, "desk.user"), Value: r.Value("user"), Error: beside("user")},
		name:     component.DeskInput{Name: "name", Label: word(r, "desk.setup_name"), Value: r.Value("name"), Error: beside("name")},
		password: component.DeskInput{Name: "password", Label: word(r, "desk.password"), Kind: component.KindPassword, Hint: word(r, "desk.setup_password"), Error: beside("password")},
		code:     component.DeskInput{Name: "totp", Label: word(r, "desk.totp"), Kind: component.KindOTP, Hint: word(r, "desk.totp_hint"), Error: beside("totp")},
	}
	title := word(r, "desk.setup")
	return render(w, r, status, c.outside(w, r, title).Door(), setupForm(title, p))
}

// outside is the frame of pages before sign-in.
func (c *Console) outside(w http.ResponseWriter, r *door.Request, title string) layout.Desk {
	return layout.Desk{Lang: r.Lang, Title: title, Theme: r.Theme, Demo: c.c.Demo, Assets: c.c.Assets, Token: r.Token(w)}
}

// here reports whether a request comes from this machine and knows it: neither a proxy's visitor nor a name that a
// stranger points at us.
func here(r *door.Request) bool {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	a, err := netip.ParseAddr(host)
	return r.Client.IsLoopback() && (host == "localhost" || err == nil && a.IsLoopback())
}

func elsewhere() error {
	return fault.NotFound("staff.setup.here", "这一页只能在运行本服务的机器上打开，请用终端里的链接")
}
