// Small helpers over pages that work without them.
import "./times.js";
