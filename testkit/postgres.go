package testkit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"

	"zhijian/ground/uid"
	"zhijian/store/migrations"
	"zhijian/store/sqldb"
)

// ClusterVariable names the environment variable with the URL of a maintenance database of a
// running cluster, whose user may make roles and databases. Unset, each test process starts
// a cluster of its own.
const ClusterVariable = "ZHIJIAN_TEST_POSTGRES"

const ordinary = "zhijian_test" // role and password that test databases belong to

// Databases runs fn as two parallel subtests: on a fresh SQLite and on a fresh Postgres database.
func Databases(t *testing.T, fn func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, Database(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t))
	})
}

// Postgres gives a fresh migrated Postgres database on the machine's clock, dropped when the test ends.
func Postgres(t testing.TB) *sqldb.DB {
	t.Helper()
	return OpenURL(t, PostgresURL(t))
}

// patient gives a statement more time than a house does: on a machine that does many things at once, under the race detector, a test asks
// whether the answer is right, not when it comes.
func patient(at string) string {
	u, err := url.Parse(at)
	if err != nil {
		return at
	}
	q := u.Query()
	q.Set("statement_timeout", "60000")
	q.Set("lock_timeout", "30000")
	u.RawQuery = q.Encode()
	return u.String()
}

// PostgresURL gives the URL of a fresh migrated Postgres database that nobody has opened, as
// an ordinary user. Open it with Unsafe: the cluster runs without fsync.
func PostgresURL(t testing.TB) string {
	t.Helper()
	c, err := startCluster()
	if err != nil {
		t.Fatalf("start PostgreSQL for tests: %v", err)
	}
	name := fmt.Sprintf("zj_%d_%d_%s", os.Getpid(), c.made.Add(1), uid.Secret(4))
	ctx := context.Background()
	if _, err := c.admin.ExecContext(ctx, `create database `+name+` template `+c.template+` owner `+ordinary); err != nil {
		t.Fatalf("create test database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := c.admin.ExecContext(ctx, `drop database if exists `+name+` with (force)`); err != nil {
			t.Logf("drop test database: %v", err)
		}
	})
	return patient(c.url(name, ordinary))
}

// AdminURL gives the URL of the test cluster's maintenance database, as a superuser.
func AdminURL(t testing.TB) string {
	t.Helper()
	c, err := startCluster()
	if err != nil {
		t.Fatalf("start PostgreSQL for tests: %v", err)
	}
	return c.base.String()
}

// Main runs a package's tests and then stops what testkit started. A package that does not
// call it from TestMain leaves that to the cluster's guard, which notices the end of the process.
func Main(m *testing.M) {
	code := m.Run()
	running.Lock()
	for _, stop := range running.stop {
		stop()
	}
	running.Unlock()
	os.Exit(code)
}

var running struct {
	sync.Mutex
	stop []func()
}

type cluster struct {
	base     *url.URL // maintenance database
	admin    *sql.DB
	template string
	made     atomic.Int64
}

func (c *cluster) url(database, login string) string {
	u := *c.base
	u.Path = "/" + database
	q := u.Query()
	q.Del("user")
	q.Del("password")
	u.RawQuery = q.Encode()
	u.User = url.UserPassword(login, login)
	return u.String()
}

var startCluster = sync.OnceValues(func() (*cluster, error) {
	address := os.Getenv(ClusterVariable)
	if address == "" {
		var err error
		if address, err = runCluster(); err != nil {
			return nil, err
		}
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%s is no URL", ClusterVariable)
	}
	c := &cluster{base: base}
	if c.admin, err = sql.Open("pgx", address); err != nil {
		return nil, err
	}
	c.admin.SetMaxOpenConns(4)
	return c, c.prepare(context.Background())
})

// prepare makes the role and the migrated template, once per cluster and set of migrations.
func (c *cluster) prepare(ctx context.Context) (err error) {
	hash, err := migrationsHash()
	if err != nil {
		return err
	}
	c.template = "zj_template_" + hash
	conn, err := c.admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// Test processes of several packages may share the cluster.
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock(7219)`); err != nil {
		return err
	}
	defer func() { _, _ = conn.ExecContext(ctx, `select pg_advisory_unlock(7219)`) }()
	var n int
	if err := conn.QueryRowContext(ctx, `select count(*) from pg_roles where rolname = $1`, ordinary).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		if _, err := conn.ExecContext(ctx, `create role `+ordinary+` login password '`+ordinary+`'`); err != nil {
			return err
		}
	}
	if err := conn.QueryRowContext(ctx, `select count(*) from pg_database where datname = $1`, c.template).Scan(&n); err != nil || n > 0 {
		return err
	}
	making := c.template + "_new"
	for _, s := range []string{
		`drop database if exists ` + making + ` with (force)`,
		`create database ` + making + ` template template0 encoding 'UTF8' locale 'C' owner ` + ordinary,
	} {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	db, err := sqldb.Open(ctx, sqldb.Config{URL: c.url(making, ordinary), Unsafe: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `alter database `+making+` rename to `+c.template)
	return err
}

func migrationsHash() (string, error) {
	names, err := fs.Glob(migrations.Files(), "*.sql")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, name := range names {
		text, err := fs.ReadFile(migrations.Files(), name)
		if err != nil {
			return "", err
		}
		_, _ = fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// guard is the shell that owns the server: when its input ends, because the test process
// closed it or died, it stops the server and removes its folder.
const guard = `
"$1/postgres" -D "$2/data" -k "$2" -h "" -c fsync=off -c full_page_writes=off -c max_connections=400 \
  -c shared_buffers=64MB -c wal_level=minimal -c max_wal_senders=0 -c log_min_messages=fatal >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server 2>/dev/null
wait $server
rm -rf "$2"
`

// runCluster starts a server on a socket in a folder of its own and gives its URL.
func runCluster() (address string, err error) {
	bin, err := findPostgres()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "zjpg")
	if err != nil {
		return "", err
	}
	login := &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 { // the server refuses to run as root
		if login.Credential, err = otherUser(); err != nil {
			return "", err
		}
		if err := os.Chown(dir, int(login.Credential.Uid), int(login.Credential.Gid)); err != nil {
			return "", err
		}
	}
	make := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "admin",
		"-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-k", "--no-instructions")
	make.SysProcAttr, make.Dir = login, dir
	if out, err := make.CombinedOutput(); err != nil {
		return "", errors.Join(fmt.Errorf("initdb: %w\n%s", err, out), os.RemoveAll(dir))
	}
	shell := exec.Command("/bin/sh", "-c", guard, "guard", bin, dir)
	shell.SysProcAttr, shell.Dir = login, dir
	input, err := shell.StdinPipe()
	if err != nil {
		return "", err
	}
	if err := shell.Start(); err != nil {
		return "", err
	}
	running.Lock()
	running.stop = append(running.stop, func() { _ = input.Close(); _ = shell.Wait() })
	running.Unlock()
	u := url.URL{Scheme: "postgres", Path: "/postgres", RawQuery: url.Values{"host": {dir}, "user": {"admin"}}.Encode()}
	return u.String(), awaitServer(u.String(), filepath.Join(dir, "log"))
}

func awaitServer(address, logFile string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 600 {
		if err = db.Ping(); err == nil {
			return nil
		}
		<-tick.C
	}
	text, _ := os.ReadFile(logFile)
	return fmt.Errorf("the server does not answer: %w\n%s", err, text)
}

func findPostgres() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil && fileExists(filepath.Join(filepath.Dir(p), "postgres")) {
			return filepath.Dir(p), nil
		}
	}
	best, version := "", -1
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb"} {
		found, _ := filepath.Glob(pattern)
		for _, f := range found {
			part := filepath.Base(filepath.Dir(filepath.Dir(f)))
			n, _ := strconv.Atoi(strings.TrimPrefix(part, "pgsql-"))
			if n > version {
				best, version = filepath.Dir(f), n
			}
		}
	}
	if best == "" {
		return "", fmt.Errorf("PostgreSQL is not installed; on Debian: apt-get install postgresql (or set %s)", ClusterVariable)
	}
	return best, nil
}

// otherUser finds an account for the server: postgres, else nobody.
func otherUser() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("tests run as root and there is no user postgres or nobody to run the server as")
}

// OpenURL opens a Postgres database of PostgresURL and closes it when the test ends; the test
// may close it before.
func OpenURL(t testing.TB, url string) *sqldb.DB {
	t.Helper()
	return open(t, sqldb.Config{URL: url, Unsafe: true})
}
