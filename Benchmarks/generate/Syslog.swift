/// What healthy machines say; no rule hits these. A tag without brackets has no process id.
let calmMessages = lines(
    """
    sshd[<900-32000>]: Accepted publickey for <user> from <ip> port <1024-65535> ssh2: RSA SHA256:<x16><x16>
    sshd[<900-32000>]: pam_unix(sshd:session): session opened for user <user>(uid=<0-1020>) by (uid=0)
    sshd[<900-32000>]: pam_unix(sshd:session): session closed for user <user>
    sshd[<900-32000>]: Disconnected from user <user> <ip> port <1024-65535>
    sshd[<900-32000>]: Received disconnect from <ip> port <1024-65535>:11: disconnected by user
    sshd[<900-32000>]: Connection closed by <ip> port <1024-65535> [preauth]
    CRON[<900-32000>]: pam_unix(cron:session): session opened for user <user>(uid=<0-1020>) by (uid=0)
    CRON[<900-32000>]: (<user>) CMD (test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.hourly; })
    CRON[<900-32000>]: (<user>) CMD (/usr/local/bin/sync-<queue> --quiet --since <1-90>m >> /var/log/sync.log 2>&1)
    systemd[1]: Started <unit>.service - Background service, invocation <x32>.
    systemd[1]: Starting <unit>.service - Background service...
    systemd[1]: <unit>.service: Deactivated successfully.
    systemd[1]: <unit>.service: Consumed <1-59>.<100-999>s CPU time, <1-512>.<1-9>M memory peak.
    systemd[1]: Finished <unit>.service - Background service.
    systemd[1]: Created slice user-<1000-1020>.slice - User Slice of UID <1000-1020>.
    systemd[1]: Reached target timers.target - Timer Units, <3-40> units active.
    systemd-logind[<400-900>]: New session <1-90000> of user <user>.
    systemd-logind[<400-900>]: Session <1-90000> logged out. Waiting for processes to exit.
    systemd-logind[<400-900>]: Removed session <1-90000>.
    systemd-resolved[<400-900>]: Using degraded feature set UDP instead of UDP+EDNS0 for DNS server <ip>.
    systemd-networkd[<400-900>]: <nic>: DHCPv4 address <ip>/24, gateway <ip> acquired from <ip>
    systemd-timesyncd[<400-900>]: Contacted time server <ip>:123 (ntp.<domain>).
    kernel: [<100000-999999>.<100000-999999>] <nic>: renamed from veth<x7>
    kernel: [<100000-999999>.<100000-999999>] docker0: port <1-90>(veth<x7>) entered forwarding state
    kernel: [<100000-999999>.<100000-999999>] EXT4-fs (<disk>): mounted filesystem <uuid> r/w with ordered data mode. Quota mode: none.
    kernel: [<100000-999999>.<100000-999999>] [UFW BLOCK] IN=<nic> OUT= MAC=<x12> SRC=<ip> DST=<ip> LEN=<40-1500> TTL=<30-255> ID=<1-65535> PROTO=TCP SPT=<1024-65535> DPT=<1-9999> SYN
    kernel: [<100000-999999>.<100000-999999>] audit: type=1400 audit(<epoch>.<100-999>:<1-9999>): apparmor="STATUS" operation="profile_replace" name="<process>" pid=<1-32000>
    kernel: [<100000-999999>.<100000-999999>] IPv6: ADDRCONF(NETDEV_CHANGE): <nic>: link becomes ready
    kernel: [<100000-999999>.<100000-999999>] perf: interrupt took too long (<2500-9999> > <2500-9999>), lowering kernel.perf_event_max_sample_rate to <10000-99999>
    dhclient[<400-900>]: DHCPREQUEST for <ip> on <nic> to <ip> port 67 (xid=0x<x8>)
    dhclient[<400-900>]: DHCPACK of <ip> from <ip> (xid=0x<x8>)
    dhclient[<400-900>]: bound to <ip> -- renewal in <1000-43000> seconds.
    dnsmasq-dhcp[<400-900>]: DHCPOFFER(<nic>) <ip> <x2>:<x2>:<x2>:<x2>:<x2>:<x2>
    dnsmasq[<400-900>]: query[A] <domain> from <ip>
    dnsmasq[<400-900>]: forwarded <domain> to <ip>
    dnsmasq[<400-900>]: reply <domain> is <ip>
    named[<400-900>]: client @0x<x12> <ip>#<1024-65535> (<domain>): query: <domain> IN A +E(0)K (<ip>)
    named[<400-900>]: zone <domain>/IN: sending notifies (serial <2026010100-2026112399>)
    named[<400-900>]: zone <domain>/IN: transferred serial <2026010100-2026112399>: TSIG 'xfer-<domain>'
    ntpd[<400-900>]: Soliciting pool server <ip>
    chronyd[<400-900>]: Selected source <ip> (ntp.<domain>), offset <1-99>.<1-999> us
    postfix/smtpd[<900-32000>]: connect from mail-<x4>.<domain>[<ip>]
    postfix/smtpd[<900-32000>]: disconnect from mail-<x4>.<domain>[<ip>] ehlo=1 mail=1 rcpt=<1-4> data=1 quit=1 commands=<5-9>
    postfix/smtpd[<900-32000>]: <x10>: client=mail-<x4>.<domain>[<ip>]
    postfix/cleanup[<900-32000>]: <x10>: message-id=<<<x16>.<1000-9999>@<domain>>
    postfix/qmgr[<400-900>]: <x10>: from=<<<user>@<domain>>, size=<400-900000>, nrcpt=<1-4> (queue active)
    postfix/qmgr[<400-900>]: <x10>: removed
    postfix/smtp[<900-32000>]: <x10>: to=<<<user>@<domain>>, relay=mx.<domain>[<ip>]:25, delay=<0-9>.<1-99>, dsn=2.0.0, status=sent (250 2.0.0 OK <x12>)
    postfix/local[<900-32000>]: <x10>: to=<<<user>@<domain>>, relay=local, delay=0.<1-99>, dsn=2.0.0, status=sent (delivered to mailbox)
    dovecot: imap-login: Login: user=<<<user>@<domain>>, method=PLAIN, rip=<ip>, lip=<ip>, mpid=<900-32000>, TLS, session=<<<x16>>
    dovecot: imap(<user>@<domain>)<<<900-32000>><<<x16>>: Logged out in=<10-9000> out=<100-90000> deleted=<0-9> expunged=<0-9> trashed=0
    haproxy[<900-32000>]: <ip>:<1024-65535> [<day>/Nov/2026:<clock>.<100-999>] fe_https~ be_api/node-<1-8> <0-9>/0/<0-9>/<1-900>/<1-999> 200 <100-90000> - - ---- <1-999>/<1-999>/<1-99>/<1-9>/0 0/0 "<method> /api/v1/<table>/<1-99999> HTTP/1.1"
    haproxy[<900-32000>]: Health check for server be_api/node-<1-8> succeeded, reason: Layer7 check passed, code: 200, check duration: <1-90>ms
    nginx[<900-32000>]: <ip> - - "<method> /<table>/<1-99999> HTTP/1.1" 200 <100-90000> rt=0.<100-999> cache=HIT
    dockerd[<400-900>]: time="2026-11-<day>T<clock>.<100000000-999999999>Z" level=info msg="ignoring event" container=<x32><x32> module=libcontainerd topic=/tasks/delete
    dockerd[<400-900>]: time="2026-11-<day>T<clock>.<100000000-999999999>Z" level=info msg="Pull complete" image=<image> digest=sha256:<x32>
    containerd[<400-900>]: time="2026-11-<day>T<clock>.<100000000-999999999>Z" level=info msg="shim disconnected" id=<x32><x32> namespace=moby
    kubelet[<400-900>]: I11<day> <clock>.<100000-999999> <400-900> kubelet.go:<100-3000>] SyncLoop (PLEG): event for pod default/<queue>-<x8>-<x5>: ContainerStarted <x32>
    kubelet[<400-900>]: I11<day> <clock>.<100000-999999> <400-900> reconciler.go:<100-400>] operationExecutor.MountVolume started for volume "config" pod "<uuid>"
    kubelet[<400-900>]: I11<day> <clock>.<100000-999999> <400-900> prober.go:<100-400>] Readiness probe for <queue>-<x8>-<x5> passed in <1-900> ms
    kube-proxy[<400-900>]: Adding new service port default/<queue>:http at <ip>:<1-9999>/TCP
    etcd[<400-900>]: finished scheduled compaction at <100000-9999999> (took <1-99>.<100-999>ms)
    etcd[<400-900>]: store.index: compact <100000-9999999>
    etcd[<400-900>]: start to snapshot (applied: <100000-9999999>, lastsnap: <100000-9999999>)
    postgres[<900-32000>]: [<1-99>-1] <user>@<table> LOG:  connection authorized: user=<user> database=<table> application_name=psql
    postgres[<900-32000>]: [<1-99>-1] <user>@<table> LOG:  disconnection: session time: 0:<10-59>:<10-59>.<100-999> user=<user> database=<table> host=<ip> port=<1024-65535>
    postgres[<900-32000>]: [<1-99>-1] LOG:  checkpoint complete: wrote <10-9000> buffers (<1-40>.<1-9>%); 0 WAL file(s) added, <0-9> removed; write=<1-200>.<100-999> s, sync=0.<100-999> s
    postgres[<900-32000>]: [<1-99>-1] LOG:  automatic vacuum of table "<table>.public.<table>": index scans: <0-3>, pages: <0-99> removed, <100-99999> remain
    postgres[<900-32000>]: [<1-99>-1] <user>@<table> LOG:  duration: <1-900>.<100-999> ms  statement: SELECT * FROM <table> WHERE id = <1-9999999>
    mysqld[<400-900>]: <1-99999> [Note] Access granted for user '<user>'@'<ip>' (using password: YES)
    mysqld[<400-900>]: InnoDB: Buffer pool dump completed at 261119 <10-23>:<10-59>:<10-59>, <100-99999> pages
    redis-server[<400-900>]: <1-99999>:M <day> Nov 2026 <clock>.<100-999> * Background saving terminated with success
    redis-server[<400-900>]: <1-99999>:M <day> Nov 2026 <clock>.<100-999> * <1-9999> changes in 60 seconds. Saving...
    redis-server[<400-900>]: <1-99999>:M <day> Nov 2026 <clock>.<100-999> * DB saved on disk, <1-900> MB in <1-90> s
    rabbitmq[<400-900>]: accepting AMQP connection <<0.<100-9999>.0> (<ip>:<1024-65535> -> <ip>:5672) for vhost <queue>
    rabbitmq[<400-900>]: user '<user>' authenticated and granted access to vhost '<queue>', channels <1-99>
    consul[<400-900>]: agent: Synced service: service=<queue>-<1-9> node=<host>
    consul[<400-900>]: agent: Check status is now passing: check=service:<queue>-<1-9> output="HTTP GET http://<ip>:8080/health: 200 OK"
    vault[<400-900>]: core: successfully renewed lease auth/<user>/login/<x32>, ttl <60-3600>s
    prometheus[<400-900>]: ts=2026-11-<day>T<clock>.<100-999>Z caller=head.go:<100-1500> level=info component=tsdb msg="Head GC completed" duration=<1-99>.<100-999>ms
    prometheus[<400-900>]: ts=2026-11-<day>T<clock>.<100-999>Z caller=compact.go:<100-900> level=info component=tsdb msg="write block" mint=<1700000000000-1799999999999> ulid=<x26>
    grafana[<400-900>]: logger=context userId=<1-99> orgId=1 uname=<user> t=2026-11-<day>T<clock>.<100-999>Z level=info msg="Request Completed" method=<method> path=/api/ds/query status=200 remote_addr=<ip> time_ms=<1-900>
    snmpd[<400-900>]: Connection from UDP: [<ip>]:<1024-65535>->[<ip>]:161
    rsyslogd: [origin software="rsyslogd" swVersion="8.2302.0" x-pid="<400-900>" x-info="https://www.rsyslog.com"] rsyslogd was HUPed
    rsyslogd: imjournal: <100-9000> messages read, <100-9000> forwarded to <host>:514, queue size <0-90>
    sudo: <user> : TTY=pts/<0-9> ; PWD=/home/<user> ; USER=root ; COMMAND=/usr/bin/systemctl status <unit>
    sudo: pam_unix(sudo:session): session opened for user root(uid=0) by <user>(uid=<1000-1020>)
    su[<900-32000>]: (to <user>) root on pts/<0-9>
    auditd[<400-900>]: Audit daemon rotating log files, <1-9> of 8 kept, <1-900> MB in use
    smartd[<400-900>]: Device: /dev/<disk> [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from <25-60> to <25-60>
    smartd[<400-900>]: Device: /dev/<disk> [SAT], previous self-test completed without error, lifetime <100-90000> hours
    mdadm[<400-900>]: RebuildFinished event detected on md device /dev/<disk>, mismatches found: 0
    multipathd[<400-900>]: <disk>: path checker reports path <disk> is up, remaining active paths: <2-8>
    openvpn[<400-900>]: <user>/<ip>:<1024-65535> MULTI_sva: pool returned IPv4=<ip>, peer id <1-900>
    openvpn[<400-900>]: <user>/<ip>:<1024-65535> Control Channel: TLSv1.3, cipher TLS_AES_256_GCM_SHA384, <2048-4096> bit RSA
    charon[<400-900>]: <1-16>[IKE] CHILD_SA net-<x4>{<1-900>} established with SPIs c<x7>_i c<x7>_o and TS <ip>/24 === <ip>/24
    keepalived_vrrp[<400-900>]: (VI_<1-9>) Sending/queueing gratuitous ARPs on <nic> for <ip>
    bird[<400-900>]: upstream<1-4>: <100000-999999> routes imported, <10-9000> exported, next hop <ip>
    squid[<400-900>]: <epoch>.<100-999> <1-900> <ip> TCP_MISS/200 <100-90000> GET http://<domain>/<table>/<1-9999> - HIER_DIRECT/<ip> text/html
    freeradius[<400-900>]: (<1-99999>) Login OK: [<user>/<<via Auth-Type = EAP>] (from client ap-<1-40> port <1-90> cli <x12>)
    slapd[<400-900>]: conn=<1000-99999> fd=<10-99> ACCEPT from IP=<ip>:<1024-65535> (IP=0.0.0.0:636)
    slapd[<400-900>]: conn=<1000-99999> op=<0-9> SRCH base="ou=people,dc=example,dc=com" scope=2 deref=0 filter="(uid=<user>)"
    slapd[<400-900>]: conn=<1000-99999> op=<0-9> SEARCH RESULT tag=101 qtime=0.<100000-999999> etime=0.<100000-999999> err=0 nentries=<0-9> text=
    clamd[<400-900>]: <path>: OK, <1-900> KB scanned in 0.<100-999> s, database version <26000-28000>
    fail2ban.filter[<400-900>]: INFO [sshd] Found <ip> - 2026-11-<day> <clock>
    fail2ban.actions[<400-900>]: NOTICE [sshd] Unban <ip>
    nfsd[<400-900>]: export <path> mounted by <ip>:<1-1023>, version 4.2, rsize <4096-1048576>
    smbd[<900-32000>]: <host> (<ip>) connect to service share<1-9> initially as user <user> (uid=<1000-1020>, gid=<1000-1020>) (pid <900-32000>)
    cupsd[<400-900>]: [Job <1-9000>] Completed <1-90> pages for <user>, printer lp<1-9>, <1-9000> KB
    puppet-agent[<900-32000>]: Applied catalog in <1-90>.<10-99> seconds, <0-40> resources changed of <400-900>
    ansible-pull[<900-32000>]: <host> : ok=<10-90> changed=<0-9> unreachable=0 skipped=<0-20> rescued=0 ignored=0
    borg[<900-32000>]: Archive <host>-2026-11-19: <1-900>.<10-99> GB original, <1-99>.<10-99> GB deduplicated, <10000-999999> files
    logrotate[<900-32000>]: rotating pattern: <path> after 1 days (<3-90> rotations), log does not need rotating
    zed[<400-900>]: eid=<1-9000> class=scrub_finish pool='tank' vdevs=<2-8>, repaired 0 B in 0:<10-59>:<10-59>
    ceph-osd[<400-900>]: osd.<0-40> <1000-9999> tick checking mon for new map, <1-900> pgs, <1-99>.<1-9> GiB used
    ceph-mon[<400-900>]: cluster [DBG] pgmap v<10000-999999>: <100-900> pgs: <100-900> active+clean; <1-90> TiB data, <1-90> TiB used
    ModemManager[<400-900>]: <<info>  [base-manager] couldn't check support for device '/sys/devices/virtual/net/<nic>': not supported by any plugin
    NetworkManager[<400-900>]: <<info>  [<epoch>.<1000-9999>] device (<nic>): state change: config -> ip-config (reason 'none', sys-iface-state: 'managed')
    wpa_supplicant[<400-900>]: wlan0: WPA: Group rekeying completed with <x2>:<x2>:<x2>:<x2>:<x2>:<x2> [GTK=CCMP]
    svs-worker[<900-32000>]: job <100000-9999999> queue=<queue> state=done frames=<1-900> took_ms=<1-9000> user=<user> node=<host>
    svs-worker[<900-32000>]: progress job=<100000-9999999> step <1-90>/90 epoch <1-9> loss=0.<1000-9999> lr=0.000<1-9>
    svs-api[<900-32000>]: request id=<uuid> method=<method> path=/v1/<table>/<1-99999> status=200 duration_ms=<1-900>
    shop-api[<900-32000>]: order <100000-9999999> placed by customer <1-999999>, <1-20> items, total <5-900>.<10-99> EUR, payment <x12>
    """)

/// What a machine in trouble says, for the rules that the project ships.
let troubledMessages = lines(
    """
    sshd[<900-32000>]: Failed password for <user> from <ip> port <1024-65535> ssh2
    sshd[<900-32000>]: Failed password for invalid user <user> from <ip> port <1024-65535> ssh2
    sshd[<900-32000>]: Invalid user <user> from <ip> port <1024-65535>
    sshd[<900-32000>]: error: maximum authentication attempts exceeded for <user> from <ip> port <1024-65535> ssh2 [preauth]
    kernel: [<100000-999999>.<100000-999999>] Out of memory: Killed process <900-32000> (<process>) total-vm:<100000-9999999>kB, anon-rss:<10000-999999>kB, file-rss:0kB, shmem-rss:0kB, UID:<0-1020> pgtables:<100-9000>kB oom_score_adj:0
    kernel: [<100000-999999>.<100000-999999>] <process>[<900-32000>]: segfault at <x8> ip 00007f<x10> sp 00007f<x10> error 4 in libc.so.6[7f<x10>+195000]
    systemd[1]: <unit>.service: Main process exited, code=exited, status=<1-2>/FAILURE
    systemd[1]: <unit>.service: Failed with result 'exit-code'.
    systemd[1]: Failed to start <unit>.service - Background service.
    kernel: [<100000-999999>.<100000-999999>] blk_update_request: I/O error, dev <disk>, sector <100000-999999999> op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2
    kernel: [<100000-999999>.<100000-999999>] EXT4-fs error (device <disk>): ext4_find_entry:<1000-1999>: inode #<2-999999>: comm <process>: reading directory lblock 0
    kernel: [<100000-999999>.<100000-999999>] INFO: task <process>:<900-32000> blocked for more than 120 seconds.
    kernel: [<100000-999999>.<100000-999999>] nf_conntrack: nf_conntrack: table full, dropping packet
    kernel: [<100000-999999>.<100000-999999>] <nic>: Link is Down
    postgres[<900-32000>]: [<1-99>-1] <user>@<table> FATAL:  password authentication failed for user "<user>"
    postgres[<900-32000>]: [<1-99>-1] <user>@<table> FATAL:  sorry, too many clients already
    postgres[<900-32000>]: [<1-99>-1] <user>@<table> ERROR:  deadlock detected
    redis-server[<400-900>]: <1-99999>:M <day> Nov 2026 <clock>.<100-999> # MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.
    postfix/smtp[<900-32000>]: connect to mx.<domain>[<ip>]:25: Connection timed out
    haproxy[<900-32000>]: Server be_api/node-<1-8> is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: <0-9>ms.
    dockerd[<400-900>]: level=error msg="failed to pull <image>" error="write /var/lib/docker/tmp/<x12>: no space left on device"
    kubelet[<400-900>]: E11<day> <clock>.<100000-999999> <400-900> pod_workers.go:<100-2000>] Error syncing pod <uuid>: CrashLoopBackOff: back-off 5m0s restarting failed container=<queue>
    """)

/// `Nov 19 00:00:12 web-3 `: the header of RFC 3164 without its priority, as files have it.
func syslogHeader(_ clock: Clock, _ host: Int, _ out: Output, _ random: inout Random) {
    clock.syslog(out)
    out.byte(32)
    lists.put(host, random.skewed(lists.count(host)), out)
    out.byte(32)
}

/// The kinds of a system log: `trouble` tells how many of 1,000 lines come from which shapes.
func generateSyslog(_ bytes: Int, _ seed: UInt64, _ trouble: [(perMille: Int, shapes: Shapes)], _ out: Output) {
    var random = Random(seed: seed)
    var clock = Clock(bytes: bytes)
    let calm = Shapes(calmMessages + nearMisses(), lists)
    let host = lists.index["host"] ?? 0
    while out.total < bytes {
        clock.advance(to: out.total)
        syslogHeader(clock, host, out, &random)
        var draw = random.below(1000)
        if clock.isBurst { draw /= 3 }
        var chosen = calm
        for (perMille, shapes) in trouble {
            if draw < perMille {
                chosen = shapes
                break
            }
            draw -= perMille
        }
        chosen.putAny(out, &random, clock)
        out.byte(10)
        out.endEvent()
    }
}
