package door

import (
	"net/http"
	"strings"

	"zhijian/domain/identity"
	"zhijian/domain/staff"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
)

func newVisitor() string { return uid.Secret(20) }

// identify finds out who is signed in: at most one read. A cookie whose session has ended is taken away and its
// bearer is a visitor.
func (d *Door) identify(w http.ResponseWriter, r *Request, staffRoute bool) error {
	if staffRoute {
		return d.identifyMember(w, r)
	}
	if r.station.set.Bearer {
		if token, ok := bearer(r.Header.Get("Authorization")); ok {
			return d.identifyBearer(r, token)
		}
	}
	if r.jar.session == "" {
		return nil
	}
	session, resident, err := d.c.Residents.Who(r.Context(), r.jar.session)
	if fault.Is(err, fault.KindDenied) || fault.Is(err, fault.KindNotFound) {
		d.setCookie(w, d.names.session, "", 0, false)
		r.jar.session = ""
		return nil
	}
	if err != nil {
		return err
	}
	r.become(session, resident)
	return nil
}

// bearer reads the token of a program (RFC 6750 2.1).
func bearer(header string) (string, bool) {
	scheme, token, ok := strings.Cut(header, " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

// identifyBearer signs a program in for one request. A token that has ended is refused, not passed over: a program
// must learn that it has to sign in again.
func (d *Door) identifyBearer(r *Request, token string) error {
	session, resident, err := d.c.Residents.Who(r.Context(), token)
	if fault.Is(err, fault.KindDenied) || fault.Is(err, fault.KindNotFound) {
		return NeedSignIn()
	}
	if err != nil {
		return err
	}
	r.become(session, resident)
	return nil
}

// become makes r a request of a signed-in resident. What the browser's cookies say of the look comes first, then the
// resident's wish, so that one device may differ.
func (r *Request) become(session identity.Session, resident identity.Resident) {
	r.Session, r.Resident = session, resident
	r.Actor = actor.Actor{Kind: actor.Resident, ID: resident.ID, Level: resident.Level, Session: session.ID, Lang: r.Lang}
	if r.jar.elder == "" {
		r.Elder = resident.Wish.Elder
	}
	if r.jar.theme == "" {
		r.Theme = resident.Wish.Theme
	}
	if r.City == "" && resident.Wish.City != "" {
		r.City = resident.Wish.City
		r.Recent = []string{r.City}
	}
}

func (d *Door) identifyMember(w http.ResponseWriter, r *Request) error {
	if r.jar.staff == "" || d.c.Members == nil {
		return nil
	}
	session, member, err := d.c.Members.Who(r.Context(), r.jar.staff)
	if fault.Is(err, fault.KindDenied) || fault.Is(err, fault.KindNotFound) {
		d.setCookie(w, d.names.staff, "", 0, true)
		return nil
	}
	if err != nil {
		return err
	}
	r.Member = member
	r.Actor = memberActor(session, member, r.Lang)
	return nil
}

func memberActor(s staff.Session, m staff.Member, lang string) actor.Actor {
	a := actor.Actor{Kind: actor.Staff, ID: m.ID, Department: m.Department, Session: s.ID, Lang: lang}
	if m.Operator {
		a.Kind = actor.Operator
	}
	return a
}

// admit refuses those a route is not for.
func (s *station) admit(r *Request) error {
	switch a := s.route.Access; {
	case a == Public:
		return nil
	case a == Owner:
		if !r.SignedIn() && r.Visitor == "" {
			return NeedSignIn()
		}
	case a.staff():
		if r.Member.ID == 0 {
			return fault.Denied(CodeStaff, "请先登录工作台")
		}
		if a == OperatorOnly && !r.Member.Operator {
			return fault.Denied("operator", "这一页只对平台运营人员开放")
		}
	default:
		if !r.SignedIn() {
			return NeedSignIn()
		}
		if r.Resident.Level < a.Level() {
			return NeedLevel(a.Level())
		}
	}
	return nil
}

// present refuses a resident who has not proven presence lately where the route wants it.
func (s *station) present(r *Request) error {
	if s.route.Fresh > 0 && !r.Session.Fresh(s.door.c.Clock.Now(), s.route.Fresh) {
		return identity.NeedStepUp()
	}
	return nil
}

// CodeStaff is the Denied of a staff route for somebody who is not signed in as staff; the console's face leads to its
// sign-in page.
const CodeStaff = "staff.session"
