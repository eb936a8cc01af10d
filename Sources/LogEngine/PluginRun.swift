import LogAnalysis
import LogCore
import LogLua

/// What the plugins of one run share: the place where events meet, and where sinks write.
package struct PluginRun: Sendable {
    package var correlation: Correlation?
    var outputs: [PluginOutputs] = []
    /// What the sinks had to say as they wrote what stands before all events.
    private(set) var begun = Summary()

    package init() {}

    /// Opens what the sinks write to, and lets each write what stands before all events. `earlier`: a run that this one
    /// takes over from; outputs that it has open stay so. `isLive`: batches are written as they come.
    package init(
        _ catalog: Catalog, correlation: Correlation?, isLive: Bool = false, goingOnFrom earlier: PluginRun? = nil
    ) throws(SourceError) {
        self.correlation = correlation
        var files = Set(earlier?.outputs.flatMap(\.files) ?? [])
        for plugin in catalog.active.sinks {
            if let open = earlier?.outputs.first(where: { $0.names == plugin.outputs }) {
                outputs.append(open)
                continue
            }
            let outputs = try PluginOutputs(plugin.outputs, isLive: isLive)
            // One would write over what the other wrote, whatever the names.
            for file in outputs.files where !files.insert(file).inserted {
                throw SourceError("plugin \(plugin.name): its output is that of another sink too")
            }
            let stage = LuaStage(plugin)
            stage.start()
            outputs.begin(stage.takeWritten())
            begun.take(stage)
            self.outputs.append(outputs)
        }
    }

    func finish(source: Int, batches: Int) {
        for output in outputs { output.finish(source: source, batches: batches) }
        correlation?.finish(source: source, batches: batches)
    }

    var isFull: Bool { outputs.contains { $0.isFull } }

    /// Why an output stopped taking, by its name.
    package var problems: [(name: String, error: SourceError)] { outputs.flatMap(\.problems) }
}

/// The outputs of one sink: what its workers write goes out in the order of the input.
final class PluginOutputs: Sendable {
    let names: [String]
    /// Those of the outputs that are files.
    let files: [FileIdentity]
    private let outputs: [OrderedOutput]

    init(_ names: [String], isLive: Bool) throws(SourceError) {
        self.names = names
        var outputs: [OrderedOutput] = []
        var files: [FileIdentity] = []
        for name in names {
            let target = try OutputTarget.open(name)
            if let file = target.file { files.append(file) }
            outputs.append(OrderedOutput(target, isLive: isLive))
        }
        self.outputs = outputs
        self.files = files
    }

    /// What comes before the first batch.
    func begin(_ written: ContiguousArray<ContiguousArray<UInt8>>) {
        for (output, bytes) in zip(outputs, written) { output.write(bytes) }
    }

    func submit(source: Int, sequence: Int, _ written: ContiguousArray<ContiguousArray<UInt8>>) {
        for (number, output) in outputs.enumerated() {
            output.submit(
                source: source, sequence: sequence, number < written.count ? written[number] : [])
        }
    }

    func finish(source: Int, batches: Int) {
        for output in outputs { output.finish(source: source, batches: batches) }
    }

    var isFull: Bool { outputs.contains { $0.isFull } }

    var problems: [(name: String, error: SourceError)] {
        zip(names, outputs).compactMap { name, output in output.error.map { (name, $0) } }
    }
}
