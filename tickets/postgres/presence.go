package postgres

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// deadAfter is how old a claim is whose owner is surely dead, even where the
// database seems to know better: a connection pooler in between can outlive
// the owner. A living owner ends its claims within a minute and a call.
const deadAfter = 3 * time.Minute

// presence is a connection that shows owners to be alive: it holds a lock for
// each, which ends with the process, however that ends. So what a replica has
// claimed is taken up within seconds of its death, and not while it lives.
type presence struct {
	mu     sync.Mutex
	conn   *pgx.Conn // outside of the pool, which may be small; nil: none
	owners map[string]bool
}

// presenceLocks is the first half of all these locks' keys.
const presenceLocks = "6782"

// isAlive is whether a notice's owner holds its lock.
const isAlive = `EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted
	AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
	AND l.classid = ` + presenceLocks + ` AND l.objid = (hashtext(n.owner)::bigint & 4294967295)::oid)`

// show makes an owner be seen as alive from now on. A connection that broke is
// made anew.
func (p *presence) show(ctx context.Context, cfg *pgx.ConnConfig, owner string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn != nil && p.conn.Ping(ctx) != nil {
		p.drop()
	}
	if p.conn == nil {
		if err := p.connect(ctx, cfg); err != nil {
			return err
		}
	}
	if p.owners[owner] {
		return nil
	}
	var locked bool
	err := p.conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(`+presenceLocks+`, hashtext($1))`, owner).Scan(&locked)
	p.owners[owner] = locked // not: somebody with the same hash lives, and it is tried again
	return err
}

// connect has the server notice within half a minute that this machine is gone.
func (p *presence) connect(ctx context.Context, cfg *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	p.conn, p.owners = conn, map[string]bool{}
	_, err = conn.Exec(ctx, `SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3`)
	return err
}

func (p *presence) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.drop()
}

func (p *presence) drop() {
	if p.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = p.conn.Close(ctx) // it may be broken
		p.conn = nil
	}
}
