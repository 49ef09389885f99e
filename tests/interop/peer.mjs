// Reads GGUF files with the npm peers.
// usage: node peer.mjs MODULES parse FILE          one line of JSON: metadata and tensors by @huggingface/gguf
//        node peer.mjs MODULES generate FILE N PROMPT   N greedy tokens by node-llama-cpp, as text
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import path from "node:path";

const [modules, what, file, count, prompt] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(modules), "package.json"));

if (what === "parse") {
    const {gguf} = await import(pathToFileURL(require.resolve("@huggingface/gguf")).href);
    const {metadata, tensorInfos} = await gguf(file, {allowLocalFile: true});
    console.log(JSON.stringify({
        architecture: metadata["general.architecture"],
        fileType: Number(metadata["general.file_type"]),
        tokens: metadata["tokenizer.ggml.tokens"].length,
        tensors: tensorInfos.map(t => ({name: t.name, dtype: t.dtype, shape: t.shape.map(Number)})),
    }));
} else {
    const {getLlama} = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
    const llama = await getLlama({gpu: false, build: "never", maxThreads: 2, logLevel: "error"});
    const model = await llama.loadModel({modelPath: file});
    const context = await model.createContext({contextSize: 256, threads: 2, sequences: 1});
    const sequence = context.getSequence();
    const tokens = model.tokenize(prompt, true);
    const bos = model.tokens.bos;
    const input = model.tokens.shouldPrependBosToken && bos !== null ? [bos, ...tokens] : tokens;
    const out = [];
    for await (const token of sequence.evaluate(input, {temperature: 0, yieldEogToken: true})) {
        if (model.isEogToken(token) || out.length >= Number(count))
            break;
        out.push(token);
    }
    console.log(JSON.stringify({text: model.detokenize(out), prompt: input.length}));
}
process.exit(0);
