package door

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/fault"
)

// Trouble is what a door says when something cannot be done.
type Trouble struct {
	// Status is the HTTP status, already chosen.
	Status int
	// Fault has the kind, code and sentence; never nil. Its cause is not for people.
	Fault *fault.Error
	// ID is the error number for 12345, "E-7F31"; only for internal faults and silent outside systems.
	ID string
}

// Face draws a Trouble: a page for residents or staff, a problem document for programs. It sets the status.
type Face interface {
	Trouble(w http.ResponseWriter, r *Request, t Trouble)
}

// failed is the one place that turns an error into an answer.
func (s *station) failed(w http.ResponseWriter, r *Request, err error) {
	d := s.door
	if r.Context().Err() == context.Canceled {
		return // nobody is there any more
	}
	t := d.trouble(r, err)
	if !s.set.Pages && t.Status == http.StatusForbidden && (t.Fault.Code == CodeSignIn || s.route.Access.proven()) {
		// A program is told to prove itself; 403 would mean that proof changes nothing (RFC 9110 15.5.2).
		t.Status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", `Bearer realm="zhijian"`)
	}
	if s.set.Pages {
		if to := s.proof(r, t); to != "" {
			if r.jar.session != "" && !r.SignedIn() {
				d.setCookie(w, d.names.session, "", 0, false)
			}
			_ = r.See(w, to)
			return
		}
	}
	if t.ID != "" {
		level := slog.LevelError
		if t.Fault.Kind == fault.KindUnavailable {
			level = slog.LevelWarn
		}
		d.c.Log.LogAttrs(r.Context(), level, "fault", slog.String("id", t.ID), slog.String("request", r.ID),
			slog.String("route", r.Route.Method+" "+r.Route.Path), slog.String("kind", string(t.Fault.Kind)), slog.String("cause", err.Error()))
	}
	if t.Fault.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(t.Fault.RetryAfter.Seconds()))))
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("ETag")
	s.set.Face.Trouble(w, r, t)
}

// trouble chooses the status for an error.
func (d *Door) trouble(r *Request, err error) Trouble {
	var own rejected
	switch {
	case errors.As(err, &own):
		return Trouble{Status: own.status, Fault: &fault.Error{Kind: kindOf(own.status), Code: own.code, Public: sentence(own.status)}}
	case tooLarge(err):
		return d.trouble(r, rejected{http.StatusRequestEntityTooLarge, codeLarge})
	case errors.Is(err, context.DeadlineExceeded) && fault.Of(err) == nil:
		err = fault.Unavailable("slow", "现在办的人太多，没能及时办好。您填的内容都还在，请过一会儿再试").After(10 * time.Second).Because(err)
	}
	f := fault.Of(err)
	if f == nil {
		f = &fault.Error{Kind: fault.KindInternal, Code: "internal", Public: "这一页没能打开，是我们的问题，不是您的问题。请再试一次"}
	}
	t := Trouble{Status: statusOf(f.Kind, r), Fault: f}
	if f.Kind == fault.KindInternal || f.Kind == fault.KindUnavailable {
		t.ID = number()
	}
	return t
}

// statusOf gives the status of a kind. What a form or a stream got wrong is 422, so that a page with the form comes back; what an
// address or a program got wrong is 400.
func statusOf(k fault.Kind, r *Request) int {
	switch k {
	case fault.KindInvalid:
		if r.Method == http.MethodPost && r.Route != nil && (r.Route.Takes == TakesForm || r.Route.Takes == TakesStream) {
			return http.StatusUnprocessableEntity
		}
		return http.StatusBadRequest
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindDenied:
		return http.StatusForbidden
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindTooMany:
		return http.StatusTooManyRequests
	case fault.KindUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func kindOf(status int) fault.Kind {
	switch status {
	case http.StatusNotFound:
		return fault.KindNotFound
	case http.StatusForbidden:
		return fault.KindDenied
	}
	return fault.KindInvalid
}

func sentence(status int) string {
	switch status {
	case http.StatusNotFound:
		return "地址可能写错了，或者内容已经撤下"
	case http.StatusMethodNotAllowed:
		return "这个地址不能这样打开，请从首页重新进入"
	case http.StatusMisdirectedRequest:
		return "这个网址不是本平台的地址，请检查后重新输入"
	case http.StatusRequestURITooLong:
		return "这个地址太长，请从首页重新进入"
	case http.StatusRequestEntityTooLarge:
		return "提交的内容太多，请删减后再提交"
	case http.StatusUnsupportedMediaType:
		return "提交的方式不对，请从页面上的表单提交"
	case http.StatusForbidden:
		return "这次提交不是从本平台的页面发出的，为了安全没有处理"
	}
	return "这个请求看不懂，请从首页重新进入"
}

// Codes of Denied faults that mean "sign in", "prove who you are" and "prove that you are there": pages lead there instead of refusing.
const (
	CodeSignIn = "session"
	CodeLevel  = "level"
	CodeStepUp = "step_up"
)

// NeedSignIn is the fault of an act that only a signed-in resident can do.
func NeedSignIn() error { return fault.Denied(CodeSignIn, "请先登录") }

// NeedLevel is the fault of an act that needs a resident proven to level.
func NeedLevel(level int) error {
	f := fault.Denied(CodeLevel, "办这件事要先核实身份")
	f.Args = []any{level}
	return f
}

// proof gives the page that a Denied leads to: sign-in, or proof of a level; "" when it is a plain no.
func (s *station) proof(r *Request, t Trouble) string {
	if t.Fault.Kind != fault.KindDenied || s.route.Access.staff() {
		return ""
	}
	back := "/"
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		back = r.Local()
	case s.shown:
		back = r.local
	}
	switch t.Fault.Code {
	case CodeSignIn:
		return With("/login", back)
	case CodeStepUp:
		return With("/me/step-up", back)
	case CodeLevel:
		level := 2
		if len(t.Fault.Args) > 0 {
			if n, ok := t.Fault.Args[0].(int); ok {
				level = n
			}
		}
		if r.Actor.Kind == actor.Visitor {
			return With("/login", back)
		}
		return With("/me/proof?level="+strconv.Itoa(level), back)
	}
	return ""
}

// number makes an error number that can be read out on the telephone.
func number() string {
	var b [2]byte
	_, _ = rand.Read(b[:])
	return "E-" + strings.ToUpper(hex.EncodeToString(b[:]))
}

// Problems is the face of doors for programs: RFC 9457 problem documents.
type Problems struct {
	// Say gives the sentence of a fault in a language; nil gives the Chinese one.
	Say func(lang string, f *fault.Error) string
}

// Trouble writes the problem document.
func (p Problems) Trouble(w http.ResponseWriter, r *Request, t Trouble) {
	say := func(f *fault.Error) string {
		if p.Say != nil {
			return p.Say(r.Lang, f)
		}
		return f.Public
	}
	type item struct {
		Field  string `json:"field,omitempty"`
		Code   string `json:"code"`
		Detail string `json:"detail"`
	}
	doc := struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Code   string `json:"code"`
		Detail string `json:"detail"`
		ID     string `json:"instance,omitempty"`
		Errors []item `json:"errors,omitempty"`
	}{"about:blank", http.StatusText(t.Status), t.Status, t.Fault.Code, say(t.Fault), t.ID, nil}
	for _, f := range t.Fault.All() {
		if f.Field != "" {
			doc.Errors = append(doc.Errors, item{f.Field, f.Code, say(f)})
		}
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(t.Status)
	_ = json.NewEncoder(w).Encode(doc) // a client that hangs up is no fault of ours
}
