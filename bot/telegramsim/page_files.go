package telegramsim

import "net/http"

func (p *page) file(rw http.ResponseWriter, r *http.Request)   {}
func (p *page) upload(rw http.ResponseWriter, r *http.Request) {}
