package pgstore_test

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/internal/pgtest"
)

// proxy is a network between a program and its server, which can be cut.
type proxy struct {
	listener         net.Listener
	network, address string // of the server

	mu          sync.Mutex
	connections map[net.Conn]bool
	// packets counts what the program has sent. With the number cutAt all
	// connections are cut: before it has reached the server, or after, so that
	// the answer is lost.
	packets, cutAt int
	// cutWith is a text: the first packet that holds it counts as the one of cutAt.
	cutWith string
	reaches bool
	// down refuses what is new; stays has a cut be followed by it.
	down, stays bool
	pools       []*pgxpool.Pool
	running     sync.WaitGroup
}

func newProxy(t testing.TB, s *pgtest.Server) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, connections: map[net.Conn]bool{}}
	p.network, p.address = pgtest.Address(t, s.URL())
	p.running.Go(p.accept)
	t.Cleanup(func() {
		l.Close()
		p.cut()
		p.running.Wait()
	})
	return p
}

// pool returns connections to a database by way of the proxy.
func (p *proxy) pool(t testing.TB, database string) *pgxpool.Pool {
	t.Helper()
	pool := pgtest.Pool(t, pgtest.WithAddress(t, database, p.listener.Addr().String()))
	p.pools = append(p.pools, pool)
	return pool
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		down := p.down
		p.mu.Unlock()
		server, err := net.Dial(p.network, p.address)
		if down || err != nil {
			client.Close()
			if err == nil {
				server.Close()
			}
			continue
		}
		p.mu.Lock()
		if p.down { // cut in the meantime
			client.Close()
			server.Close()
		}
		p.connections[client], p.connections[server] = true, true
		p.mu.Unlock()
		p.running.Go(func() {
			_, _ = io.Copy(client, server)
			p.close(client, server)
		})
		p.running.Go(func() {
			p.forward(server, client)
			p.close(client, server)
		})
	}
}

// forward passes on what the program sends.
func (p *proxy) forward(server, client net.Conn) {
	buffer := make([]byte, 1<<20)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.packets++
		if p.cutWith != "" && bytes.Contains(buffer[:n], []byte(p.cutWith)) {
			p.cutAt, p.cutWith = p.packets, ""
		}
		if p.packets == p.cutAt {
			if p.reaches {
				client.Close() // first, so that no answer comes through
				_, _ = server.Write(buffer[:n])
			}
			p.cutAll()
			p.mu.Unlock()
			return
		}
		p.mu.Unlock()
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) close(connections ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range connections {
		c.Close()
		delete(p.connections, c)
	}
}

func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cutAll()
}

// cutAll ends all connections. What the server has received it works on.
func (p *proxy) cutAll() {
	p.down = p.down || p.stays
	for c := range p.connections {
		c.Close()
	}
	clear(p.connections)
}

// plan has the connections be cut with a packet from now on.
func (p *proxy) plan(packet int, reaches, stays bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.packets, p.cutAt, p.reaches, p.stays = 0, packet, reaches, stays
}

// planLoss has the connections be cut once a packet has reached the server, and
// stay so. The number 0 stands for the packet with the commit: how many come before
// it differs, as a pool asks first whether a connection that was idle is alive.
func (p *proxy) planLoss(packet int) {
	p.plan(packet, true, true)
	p.mu.Lock()
	defer p.mu.Unlock()
	if packet == 0 {
		p.cutWith = "commit\x00"
	}
}

// mend lets connections through again, and reports whether they were cut. The pools
// keep none that were cut while they were idle.
func (p *proxy) mend() (happened bool) {
	p.mu.Lock()
	happened = p.cutAt > 0 && p.packets >= p.cutAt
	p.down, p.stays, p.cutAt, p.cutWith = false, false, 0, ""
	p.mu.Unlock()
	if happened {
		for _, pool := range p.pools {
			pool.Reset()
		}
	}
	return happened
}
